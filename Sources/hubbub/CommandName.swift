internal import Console

/// The names of the commands, and words that people use instead of them.
enum CommandName {
    private static let known = [
        Serve.name, ChatCommand.name, TokenCommand.name, Doctor.name, "help",
    ]
    private static let synonyms = [
        Serve.name: ["start", "run", "server", "daemon", "listen", "up"],
        ChatCommand.name: ["client", "connect", "join", "say", "send", "talk"],
        TokenCommand.name: ["auth", "jwt", "login", "user"],
        Doctor.name: ["check", "diagnose", "test"],
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
