internal import ArgumentParser
internal import Chat
internal import Console
internal import IdentityKeys

/// The command `hubbub token`. It prints a token for one user, or a link with it.
struct TokenCommand: ParsableCommand {
    static let name = "token"

    static let configuration = CommandConfiguration(
        commandName: name, abstract: "Print a token: who somebody is, and what they may do.",
        discussion: """
            The token is signed with the daemon's own secret, in its data directory, or with that \
            of --token-secret-file. Whoever has it is that user until it expires. With --url it \
            is part of a link to the chat page, behind #, where no server and no log sees it. \
            Exit codes: 0 printed; 64 a wrong argument; 73 no secret; 74 or 141 the output can't \
            be written.
            """)

    @Option(help: ArgumentHelp("Who it is: an id of 1 to 128 bytes.", valueName: "id"))
    var sub: String

    @Option(help: ArgumentHelp("User name in every room (default: free).", valueName: "name"))
    var name: String?

    @Option(
        help: ArgumentHelp(
            "guest, member, vip, moderator or owner (default: member).", valueName: "role"))
    var role: String?

    @Option(
        parsing: .singleValue,
        help: ArgumentHelp(
            "Role in a room, or in all whose name begins like that: go=moderator, staff-*=none; "
                + "repeat it, or separate by commas. Other rooms are closed then.",
            valueName: "room=role"))
    var rooms: [String] = []

    @Option(
        Setting(
            flag: "expires", placeholder: "time", what: "How long the token is good",
            accepted: "1s to 3650d, such as 8h", fallback: 8 * 3_600_000, fallbackText: "8h",
            parse: {
                Unit.seconds.parse($0).flatMap { 1_000...315_360_000_000 ~= $0 ? $0 : nil }
            },
            variablePrefix: "HUBBUB_TOKEN_"))
    var expires: Given<Int>

    @Option(
        help: ArgumentHelp("Print a link to the chat page at this address.", valueName: "url"))
    var url: String?

    @Option(
        repeatable: .keyFile(
            "token-secret-file", "File with the secret of the daemon",
            example: "/etc/hubbub/token-secret"))
    var tokenSecretFile: [Given<[String]>]

    @Option(.tokenText("token-issuer", "The iss of the token", "none", "https://id.example"))
    var tokenIssuer: Given<String?>

    @Option(.tokenText("token-audience", "The aud of the token", "none", "chat"))
    var tokenAudience: Given<String?>

    @Option(
        Setting(
            flag: "data", placeholder: "directory", what: "The daemon's data directory",
            accepted: "a directory that can be created and written", fallback: nil,
            fallbackText: "that of the daemon",
            parse: { $0.isEmpty ? .none : .some($0) }))
    var data: Given<String?>

    func run() throws {
        try EnvironmentNames.warn()
        let request = try TokenRequestText(self)
        let token = request.maker.token(
            secret: try secret(), at: SystemCalls.now().milliseconds / 1_000,
            for: Int64(try expires.value() / 1_000))
        try StandardStream.output.write(request.link.map { "\($0)#token=\(token)" } ?? token)
        try StandardStream.output.write("\n")
    }

    /// The secret of the first file, or the daemon's own.
    private func secret() throws(Complaint) -> [UInt8] {
        var paths: [String] = []
        for given in tokenSecretFile { paths += try given.value() }
        let path: String
        if let first = paths.first {
            path = first
        } else {
            path = try OwnSecret.prepare(
                in: DataDirectory.prepare(try data.value(), given: data))
        }
        do throws(KeyFileProblem) {
            let file = KeyFile(path: path, kind: .secret, given: path)
            _ = try file.keys()
            return KeyReader.secretBytes(try file.content())
        } catch {
            throw Complaint(.cannotCreate, "\(path): \(error.reason)")
        }
    }
}
