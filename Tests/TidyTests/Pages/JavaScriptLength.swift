/// The limit on the length of a JavaScript file.
enum JavaScriptLength {
    static let lines = 250

    /// Longer files, each with its reason.
    static let exceptions = [
        "Sources/ChatServer/Resources/hubbub.js": "one file that pages of other sites import alone"
    ]

    static func findings(in file: SourceFile) -> [Finding] {
        guard isTooLong(file), exceptions[file.path] == nil else { return [] }
        let problem = "more than \(lines) lines in one file"
        return [Finding(path: file.path, line: lines + 1, problem: problem)]
    }

    /// The last line feed ends a line and doesn't begin one.
    static func isTooLong(_ file: SourceFile) -> Bool {
        (file.path.hasSuffix(".js") || file.path.hasSuffix(".mjs"))
            && file.lines.count > lines + 1
    }
}
