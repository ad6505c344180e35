internal import ArgumentParser
internal import Chat

/// The command `hubbub chat`: one user in one room, line by line.
struct ChatCommand: ParsableCommand {
    static let name = "chat"

    static let configuration = CommandConfiguration(
        commandName: name, abstract: "Chat in a room, from a terminal or a pipe.",
        discussion: """
            Sends what you type line by line, and prints what others say line by line. Chat goes \
            to standard output, the state of the connection to standard error. If the \
            connection is lost, it is made again, and nothing is printed or said twice. Lines \
            begin with a time, remarks with --, and missed lines that were fetched later with ~.

            On a terminal, Ctrl-D leaves. Ctrl-R shows a half-typed line again if something was \
            printed over it. The end of a pipe doesn't end the command: it goes on printing \
            until SIGINT or SIGTERM. With --once it sends the input, waits until the server has \
            taken every line, and ends.

            Moderators type /ban NAME, /timeout NAME 10m, /delete, /clear, /slow, /panic, /undo \
            and more: /help lists them. To say such a line, write // at its start.

            Exit codes: 0; 64 a wrong argument; 65 a line could not be sent; 68 no such host; \
            69 the server can't be reached, or refuses; 74 the output can't be written; 141 the \
            output's reader has gone.
            """)

    private static let timeoutUnit = Unit.seconds

    @Argument(
        help: ArgumentHelp(
            "The server: ws://host:port/ws, or the page's http://host:port/; wss:// or https:// "
                + "with TLS "
                + "(default: \(ChatSettings.defaultURL); HUBBUB_URL)", valueName: "url"))
    var url: String?

    @Option(
        Setting(
            flag: "room", placeholder: "room", what: "Room to chat in",
            accepted: RoomName.form,
            fallback: nil, fallbackText: "the URL's ?room=, else \(RoomName.lobby.text)",
            parse: { RoomName($0).map { .some($0) } ?? .none }))
    var room: Given<RoomName?>

    @Option(
        Setting(
            flag: "name", placeholder: "name", what: "User name",
            accepted: "a name without control characters", fallback: nil,
            fallbackText: "the name you are logged in with", parse: { ChatSettings.name($0) }))
    var name: Given<String?>

    @Option(
        Setting(
            flag: "history", placeholder: "count", what: "The room's last lines to print at first",
            accepted: "0 to \(Command.lineLimit)", fallback: nil,
            fallbackText: "\(JoinStart.standardLines); with --once 0",
            parse: { Int($0).flatMap { 0...Command.lineLimit ~= $0 ? .some($0) : .none } },
            variablePrefix: "HUBBUB_CHAT_"))
    var history: Given<Int?>

    @Option(
        Setting(
            flag: "timeout", placeholder: "seconds",
            what: "With --once: the time to wait while the server takes nothing",
            accepted: timeoutUnit.text(100...3_600_000), fallback: 10_000, fallbackText: "10s",
            parse: { timeoutUnit.parse($0).flatMap { 100...3_600_000 ~= $0 ? $0 : nil } },
            variablePrefix: "HUBBUB_CHAT_"))
    var timeout: Given<Int>

    @Option(
        Setting(
            flag: "ca", placeholder: "file",
            what: "With TLS: a file of authorities (PEM) to trust besides the system's",
            accepted: "a file", fallback: nil, fallbackText: "none",
            parse: { $0.isEmpty ? .none : .some($0) }, variablePrefix: "HUBBUB_CHAT_"))
    var ca: Given<String?>

    @Option(
        Setting(
            flag: "token-file", placeholder: "file", what: "A file with your token",
            accepted: "a file", fallback: nil, fallbackText: "none: you are a guest",
            parse: { $0.isEmpty ? .none : .some($0) }, variablePrefix: "HUBBUB_CHAT_"))
    var tokenFile: Given<String?>

    @Flag(help: "Print the number of each line.")
    var numbers = false

    @Flag(help: "Say lines that begin with /, too: no line is a moderator's command.")
    var verbatim = false

    @Flag(help: "With TLS: take any certificate. Anybody in between can then read along.")
    var insecure = false

    @Flag(help: "Send standard input, wait until every line is taken, and end.")
    var once = false

    @Flag(help: "Print the server's events as they arrive, one JSON object per line.")
    var json = false

    func run() throws {
        let settings = try ChatSettings(self)
        try EnvironmentNames.warn()
        // A lookup may take a while. It comes before the network, which blocks the signals.
        let addresses = try settings.resolve()
        var conversation = try Conversation(settings, at: addresses)
        if settings.trust.isInsecure {
            conversation.display.warning(
                "--insecure: the server's certificate isn't checked; anybody in between can read "
                    + "and change what is said")
        }
        try conversation.run()
    }
}
