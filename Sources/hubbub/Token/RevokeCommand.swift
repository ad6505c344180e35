internal import ArgumentParser
internal import Chat
internal import Console
internal import Glibc
internal import Identity
internal import Reactor

/// The command `hubbub revoke`.
struct RevokeCommand: ParsableCommand, ConfiguredCommand {
    static let name = "revoke"

    static let configuration = CommandConfiguration(
        commandName: name, abstract: "End tokens before they expire.",
        discussion: """
            Connections with such a token are closed at once, and it isn't accepted again, after \
            a restart of the daemon either. With --sub, the tokens of a user that were issued up \
            to now end, or up to --issued-before; a newer one is good. With --issued-before alone, \
            those of all users. The daemon is found by its data directory, and must run.
            """)

    @Option(help: ArgumentHelp("End the tokens of this user.", valueName: "id"))
    var sub: String?

    @Option(help: ArgumentHelp("End the token with this jti.", valueName: "id"))
    var jti: String?

    @Option(
        help: ArgumentHelp(
            "End tokens that were issued before this time, such as 2026-01-31T12:00:00Z.",
            valueName: "time"))
    var issuedBefore: String?

    @Option(.configurationFile) var config: Given<String?>
    @Option(.dataDirectory) var data: Given<String?>

    func run() throws {
        let request = "\(Revoker.request) \(RevocationText.line(try revocation()))"
        try DaemonRequest.send(request, in: DataDirectory.path(data))
    }

    private func revocation() throws(Complaint) -> Revocation {
        for (flag, text) in [("--sub", sub), ("--jti", jti)] {
            guard let text, !(1...128 ~= text.utf8.count) else { continue }
            throw Complaint(.usage, "\(flag): give 1 to 128 bytes")
        }
        var time: Int64?
        if let issuedBefore {
            guard
                let found = Timestamp(rfc3339: issuedBefore.utf8.span)
                    ?? Timestamp(date: issuedBefore.utf8.span)
            else {
                throw Complaint(
                    .usage,
                    "--issued-before \(issuedBefore): give a time like 2026-01-31T12:00:00Z")
            }
            time = found.milliseconds / 1_000
        }
        switch (sub, jti, time) {
        case (let sub?, nil, _):
            // A token of this second is older than the request.
            let now = SystemCalls.now().milliseconds / 1_000 + 1
            return .user(sub, issuedBefore: time ?? now)
        case (nil, let jti?, nil): return .token(jti: jti)
        case (nil, nil, let time?): return .all(issuedBefore: time)
        default:
            throw Complaint(.usage, "give --sub, --jti or --issued-before, to say which tokens end")
        }
    }
}
