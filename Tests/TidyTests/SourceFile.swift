/// A text file of the repository.
struct SourceFile {
    /// Relative to the repository's root, with `/`.
    let path: String
    let text: String
    /// The lines without their line ends.
    let lines: [Substring]

    init(path: String, text: String) {
        self.path = path
        self.text = text
        // Split bytes, because CR LF is one Character that differs from a newline.
        lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .map(Substring.init)
    }

    var isSwift: Bool { path.hasSuffix(".swift") }
    var isTest: Bool { path.hasPrefix("Tests/") }
    /// The tests in this folder must spell out what they forbid elsewhere.
    var isTidy: Bool { path.hasPrefix("Tests/TidyTests/") }
}
