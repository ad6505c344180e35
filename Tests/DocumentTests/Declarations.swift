import Foundation

/// The declarations of a module, as far as links to symbols need them.
struct Declarations {
    /// The public types.
    private var types: Set<String> = []
    /// The names in the files that declare or extend a type, which may be its members: `close()`,
    /// `said(_:by:)`, `rooms`.
    private var members: [String: Set<String>] = [:]
    /// All declared names.
    private var all: Set<String> = []

    init(of module: String) throws {
        let folder = Document.root.appending(path: "Sources/\(module)")
        let paths = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
        for path in paths where path.hasSuffix(".swift") {
            let url = folder.appending(path: path)
            read(Array(try String(contentsOf: url, encoding: .utf8).utf8))
        }
    }

    /// Whether a path of names, such as `Hub` and `said(_:by:)`, names a public type, a member of
    /// one, or a top-level declaration. The members of `owner` may be named without it.
    func contains(_ names: [String], in owner: String?) -> Bool {
        guard let last = names.last else { return false }
        guard names.count > 1 else {
            return types.contains(last) || owner.flatMap { members[$0] }?.contains(last) == true
                || all.contains(last) && !last.contains("(")
        }
        return names.dropLast().allSatisfy(types.contains)
            && members[names[names.count - 2]]?.contains(last) == true
    }

    private static let typeKeywords: Set<String> = [
        "struct", "class", "enum", "protocol", "actor", "typealias",
    ]

    /// Adds the declarations of a file.
    private mutating func read(_ text: [UInt8]) {
        var found: Set<String> = []
        var owners: [String] = []
        var words: [String] = []
        for line in text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            let end = line.endIndex
            words = String(decoding: line, as: UTF8.self).split(separator: " ").map(String.init)
            if words.first?.hasPrefix("//") ?? true { continue }
            for (keyword, next) in zip(words, words.dropFirst()) {
                let name = String(next.prefix { $0.isLetter || $0.isNumber || $0 == "_" })
                if Self.typeKeywords.contains(keyword) {
                    if words.contains("public") { types.insert(name) }
                    owners.append(name)
                } else if keyword == "extension" {
                    owners.append(name)
                } else if ["var", "let", "case"].contains(keyword) {
                    found.insert(name)
                    if let labels = Self.labels(in: text, after: line, name, before: end) {
                        found.insert("\(name)(\(labels))")
                    }
                } else if keyword == "func" {
                    let labels = Self.labels(in: text, after: line, name, before: end)
                    if let labels { found.insert("\(name)(\(labels))") }
                }
            }
            if words.contains(where: { $0.hasPrefix("init(") || $0.hasPrefix("init?(") }),
                let labels = Self.labels(in: text, after: line, "init", before: end)
            {
                found.insert("init(\(labels))")
            }
        }
        all.formUnion(found)
        for owner in owners { members[owner, default: []].formUnion(found) }
    }

    /// The labels of the parameters after a name in a line, such as `_:by:`. Nil if it has none.
    private static func labels(
        in text: [UInt8], after line: ArraySlice<UInt8>, _ name: String, before end: Int
    ) -> String? {
        guard let range = line.firstRange(of: Array(name.utf8)) else { return nil }
        let rest = text[range.upperBound...]
        guard let open = rest[..<end].firstIndex(of: UInt8(ascii: "(")),
            open == range.upperBound || rest[range.upperBound] == UInt8(ascii: "<")
                || rest[range.upperBound] == UInt8(ascii: "?")
        else { return nil }
        var (labels, label, depth, isEmpty) = ("", "_", 0, true)
        var word = ""
        for byte in text[open...] {
            switch Character(UnicodeScalar(byte)) {
            case "(", "[", "<": depth += 1
            case ")" where depth == 1: return isEmpty ? "" : labels + "\(label):"
            case ")", "]": depth -= 1
            case ">" where depth > 1: depth -= 1
            case "," where depth == 1:
                labels += "\(label):"
                (label, word) = ("_", "")
            // The label is the first word before the colon. A payload of a case may have none.
            case ":" where depth == 1 && label == "_":
                label = word.split(separator: " ").first.map(String.init) ?? "_"
            case "\n": word.append(" ")
            case let character:
                isEmpty = false
                if depth == 1 { word.append(character) }
            }
        }
        return nil
    }
}
