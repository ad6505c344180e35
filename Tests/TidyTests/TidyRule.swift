/// A rule that each file of the repository must keep.
enum TidyRule: CaseIterable {
    case longLine
    case longFile
    case misplacedType
    case trailingSpace
    case tab
    case finalNewline
    case deferredWork
    case trap
    case unsafeOutsideFence
    case textAsString
    case sleepInTest
    case importDirection

    /// Modules that handle texts from clients.
    private static let modulesWithTexts = [
        "Sources/Chat/", "Sources/ChatClient/", "Sources/ChatServer/", "Sources/ChatStore/",
    ]

    static let columns = 100
    /// About three screens. A longer file mostly holds two things.
    static let fileLines = 250

    /// The file's breaches of the rule.
    func findings(in file: SourceFile) -> [Finding] {
        switch self {
        case .longLine:
            guard file.isSwift else { return [] }
            return matching(file, "more than \(Self.columns) columns") { line in
                // A URL in code can't be broken. One in a comment can have its own line.
                line.utf8.count > Self.columns && line.count > Self.columns
                    && (line.isComment || !line.contains("://"))
            }
        case .longFile:
            guard file.isSwift, file.lines.count > Self.fileLines + 1 else { return [] }
            let problem = "more than \(Self.fileLines) lines in one file"
            return [Finding(path: file.path, line: Self.fileLines + 1, problem: problem)]
        case .misplacedType:
            // The programs that Hubbub is compared with have their own style.
            guard file.isSwift, !file.path.hasPrefix("Benchmarks/peers/") else { return [] }
            return matching(file, "a type in a file that isn't named after it") { line in
                guard let type = TypeDeclaration(in: line), type.isShared else { return false }
                return !type.isAtHome(in: file.path)
            }
        case .trailingSpace:
            return matching(file, "white space at the end of the line") { line in
                line.utf8.last.map { " \t\r".utf8.contains($0) } ?? false
            }
        case .tab:
            guard file.isSwift else { return [] }
            return matching(file, "a tab") { $0.utf8.contains(UInt8(ascii: "\t")) }
        case .finalNewline:
            guard !file.text.isEmpty, file.text.utf8.last != UInt8(ascii: "\n") else {
                return []
            }
            let problem = "no newline at the end of the file"
            return [Finding(path: file.path, line: file.lines.count, problem: problem)]
        case .deferredWork:
            guard !file.isTidy else { return [] }
            return matching(file, "work put off: do it, or leave it out") { line in
                ["TODO", "FIXME", "XXX", "HACK"].contains { line.containsWord($0) }
            }
        case .trap:
            guard file.isSwift, !file.isTidy else { return [] }
            return matching(file, "a trap: throw, or state a precondition") { line in
                let code = line.code
                return code.contains("try! ") || code.contains("fatalError(")
            }
        case .unsafeOutsideFence:
            guard file.isSwift, !file.isTidy, !UnsafeFence.files.contains(file.path) else {
                return []
            }
            return matching(file, "unsafe code outside the fence", where: \.isUnsafe)
        case .textAsString:
            guard file.isSwift, Self.modulesWithTexts.contains(where: file.path.hasPrefix),
                !TidyException.isListed(file.path, in: TidyException.ownTexts)
            else { return [] }
            return matching(
                file, "equivalent texts of clients count as one: use ByteText",
                where: \.comparesText)
        case .sleepInTest:
            guard file.isTest, !file.isTidy else { return [] }
            return matching(file, "a sleep: wait for what is to happen") { $0.contains("sleep(") }
        case .importDirection:
            return ModuleMap.forbiddenImports(in: file)
        }
    }

    private func matching(
        _ file: SourceFile, _ problem: String, where isUntidy: (Substring) -> Bool
    ) -> [Finding] {
        zip(1..., file.lines).filter { isUntidy($0.1) }
            .map { Finding(path: file.path, line: $0.0, problem: problem) }
    }
}

extension Substring {
    /// Whether the line is only a comment.
    var isComment: Bool { trimmedStart.hasPrefix("//") }

    /// The line without a comment at its end.
    var code: Substring {
        if isComment { return "" }
        guard let comment = firstRange(of: " // ") else { return self }
        return self[..<comment.lowerBound]
    }

    /// Whether the line's code uses anything that strict memory safety calls unsafe.
    var isUnsafe: Bool {
        guard contains("nsafe") else { return false }
        let code = code
        return code.containsWord("unsafe") || code.contains("withUnsafe")
            || code.contains("Unsafe") && code.contains("Pointer")
    }

    /// Whether the line's code compares or hashes a text from a client as a `String`, which goes by
    /// canonical equivalence.
    var comparesText: Bool {
        let code = code
        if code.contains("[String:") || code.contains("Set<String>") { return true }
        return ["username", "key", "message"].contains { name in
            code.contains("combine(\(name))")
                || code.contains("\(name) == ")
                    && !code.contains("\(name) == nil")
                || code.containsWord("== \(name)") && !code.contains("== \(name).")
        }
    }

    /// Whether `word` is in the line without a letter, digit or underscore next to it.
    func containsWord(_ word: String) -> Bool {
        var rest = self
        while let found = rest.firstRange(of: word) {
            let before = self[..<found.lowerBound].last
            let after = self[found.upperBound...].first
            if ![before, after].contains(where: { $0.map(Self.isWordCharacter) ?? false }) {
                return true
            }
            rest = self[found.upperBound...]
        }
        return false
    }

    private var trimmedStart: Substring { drop(while: \.isWhitespace) }

    private static func isWordCharacter(_ character: Character) -> Bool {
        character.isLetter || character.isNumber || character == "_"
    }
}
