/// An allowed breach of a rule, with the reason. A path that keeps the rule must not be listed.
struct TidyException {
    /// The path of a file or a folder.
    let path: String
    let reason: String

    static let longFiles: [TidyException] = []

    static let fullFolders: [TidyException] = []

    /// Files whose texts come from no client.
    static let ownTexts = [
        TidyException(
            path: "Sources/ChatServer/Watching/Metrics.swift", reason: "codes of refusals"),
        TidyException(
            path: "Sources/ChatStore/Threads/Complaints.swift", reason: "messages of the log"),
        TidyException(
            path: "Sources/ChatClient/Moderation/ModerationCommand.swift",
            reason: "names of fields"),
        TidyException(
            path: "Sources/ChatClient/Moderation/SlashForm.swift",
            reason: "names of commands and fields"),
    ]

    /// Whether there is an exception for the path.
    static func isListed(_ path: String, in exceptions: [TidyException]) -> Bool {
        exceptions.contains { $0.path == path }
    }
}
