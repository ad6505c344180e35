/// A type that a line of Swift declares at the top level of its file.
struct TypeDeclaration: Equatable {
    let name: Substring
    /// Whether other files may use it.
    let isShared: Bool

    private static let keywords: Set<Substring> = ["actor", "class", "enum", "protocol", "struct"]
    private static let modifiers: Set<Substring> = [
        "distributed", "fileprivate", "final", "indirect", "internal", "nonisolated", "open",
        "package", "private", "public",
    ]

    init(name: Substring, isShared: Bool) {
        (self.name, self.isShared) = (name, isShared)
    }

    /// Nil if the line declares no type, or a nested one, which is indented.
    init?(in line: Substring) {
        guard line.first?.isWhitespace == false else { return nil }
        var words = line.code.withoutAttributes.split(separator: " ")[...]
        let modifiers = words.prefix { Self.modifiers.contains($0) }
        words = words.dropFirst(modifiers.count)
        guard let keyword = words.popFirst(), Self.keywords.contains(keyword),
            let name = words.first?.prefix(while: { $0.isLetter || $0.isNumber || $0 == "_" })
        else { return nil }
        self.init(name: name, isShared: !modifiers.contains { $0.hasSuffix("private") })
    }

    /// Whether the file's name is `Name.swift` or `Name+Aspect.swift`.
    func isAtHome(in path: String) -> Bool {
        let file = path.split(separator: "/").last ?? ""
        return file.prefix { $0 != "+" && $0 != "." } == name
    }
}

extension Substring {
    /// The line without its leading attributes and their arguments.
    fileprivate var withoutAttributes: Substring {
        var rest = self
        while rest.first == "@" {
            rest = rest.drop { $0 != " " && $0 != "(" }
            if rest.first == "(" {
                var depth = 0
                rest = rest.drop { character in
                    depth += character == "(" ? 1 : character == ")" ? -1 : 0
                    return depth > 0
                }
                rest = rest.dropFirst()
            }
            rest = rest.drop { $0 == " " }
        }
        return rest
    }
}
