/// What may be against a rule, and why. What keeps the rule must not be listed.
struct TidyException {
    /// Of a file, or of a folder.
    let path: String
    let reason: String

    static let longFiles: [TidyException] = []

    static let fullFolders: [TidyException] = []

    /// Whether one of them is for the path.
    static func isListed(_ path: String, in exceptions: [TidyException]) -> Bool {
        exceptions.contains { $0.path == path }
    }
}
