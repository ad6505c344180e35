/// A JavaScript file that is an ES module. Imports, exports and declarations start in the first
/// column, and each import is one line.
struct PageModule {
    struct Import: Equatable {
        /// Relative to the repository's root.
        let path: String
        let names: Set<String>
    }

    let path: String
    private(set) var imports: [Import] = []
    private(set) var exports: Set<String> = []
    /// The names declared at the top level.
    private(set) var declarations: Set<String> = []
    /// The words of the code that are neither properties nor keys. Words in a template's text
    /// count.
    private(set) var words: Set<String> = []

    /// `root` is the folder that the server serves as `/`.
    init(_ file: SourceFile, root: String) {
        path = file.path
        var isComment = false
        for line in file.lines {
            if isComment || line.utf8.contains(UInt8(ascii: "*")) && line.contains("/**") {
                isComment = !line.contains("*/")
            } else if let found = line.wholeMatch(of: /import \{ ([\w, ]+) \} from "(.+)";/) {
                let names = found.1.split(separator: ", ").map(String.init)
                imports.append(Import(path: resolved(found.2, root: root), names: Set(names)))
            } else {
                read(line)
            }
        }
    }

    private mutating func read(_ line: Substring) {
        let declaration = /(export )?(?:const|let|class|(?:async )?function) (\w+)/
        if let found = line.prefixMatch(of: declaration) {
            declarations.insert(String(found.2))
            if found.1 != nil { exports.insert(String(found.2)) }
        }
        let code = Array(line.replacing(/"[^"]*"|\/\/ .*/, with: "\"").utf8)
        for word in code.indices.split(whereSeparator: { !code[$0].isWordByte }) {
            let before = code[..<word.startIndex].suffix(3).map { Character(Unicode.Scalar($0)) }
            let isProperty = before.last == "#" || before.last == "." && before != [".", ".", "."]
            let isKey = code[word.endIndex...].first == UInt8(ascii: ":")
            if !isProperty && !isKey { words.insert(String(decoding: code[word], as: UTF8.self)) }
        }
    }

    /// The file that an import of this module names.
    private func resolved(_ specifier: Substring, root: String) -> String {
        if specifier.hasPrefix("/") { return root + specifier.dropFirst() }
        var folders = path.split(separator: "/").dropLast()
        for part in specifier.split(separator: "/") where part != "." {
            if part == ".." { _ = folders.popLast() } else { folders.append(part) }
        }
        return folders.joined(separator: "/")
    }
}

extension UInt8 {
    fileprivate var isWordByte: Bool {
        let character = Character(Unicode.Scalar(self))
        return character.isASCII && (character.isLetter || character.isNumber || character == "_")
    }
}
