internal import Console

/// The names of the commands, and words that people use instead of them.
enum CommandName {
    private static let known = [
        Serve.name, ReloadCommand.name, ConfigCommand.name, ChatCommand.name, TokenCommand.name,
        RevokeCommand.name, Doctor.name, Health.name, BackupCommand.name, RestoreCommand.name,
        ExportCommand.name,
        ImportCommand.name, "help",
    ]
    private static let synonyms = [
        Serve.name: ["start", "run", "server", "daemon", "listen", "up"],
        ConfigCommand.name: ["configuration", "configure", "settings"],
        ReloadCommand.name: ["hup", "reread", "refresh"],
        ChatCommand.name: ["client", "connect", "join", "say", "send", "talk"],
        TokenCommand.name: ["auth", "jwt", "login", "user"],
        RevokeCommand.name: ["logout", "invalidate"],
        Doctor.name: ["check", "diagnose", "test"],
        Health.name: ["healthcheck", "healthz", "readyz", "ping", "probe", "status"],
        BackupCommand.name: ["save", "snapshot", "copy"],
        RestoreCommand.name: ["recover", "rollback"],
        ExportCommand.name: ["dump", "transcript", "history"],
    ]

    /// Throws if there is no such command. The error names the one that was probably meant.
    static func check(_ word: String) throws(Complaint) {
        guard !known.contains(word) else { return }
        let meant =
            synonyms.first { $0.value.contains(word.lowercased()) }?.key
            ?? Suggestion.nearest(to: word, in: known)
        throw Complaint(
            .usage,
            "\(word): there is no such command; "
                + (meant.map { "try `hubbub \($0)`" } ?? "give one of \(Self.list)")
                + " (see `hubbub --help`)")
    }

    private static var list: String { known.joined(separator: ", ") }
}
