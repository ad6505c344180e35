/// Joins the ES modules of the chat page into one script.
///
/// A test can import a single module, and its imports show a reader what it needs. But the page is
/// one document with one script. All modules share one scope there, without imports of each other
/// and without the word `export`. For this to work, each module must come after those that it
/// imports, and no name may be declared twice. Both are checked here.
///
/// Imports, exports and declarations start in the first column, on one line. Any other line that
/// starts like them is a flaw.
struct PageScript {
    private(set) var text = ""
    /// The names that the modules so far declare at their top level.
    private var names: Set<Substring> = []
    /// The files that export names, by name.
    private var exporters: [Substring: String] = [:]

    /// Why a module can't be joined with those before it.
    struct Flaw: Error, Equatable {
        let file: String
        let problem: String
    }

    /// The modules as one script, without comments and spare white space.
    static func joined(_ modules: KeyValuePairs<String, [UInt8]>) -> [UInt8] {
        var script = PageScript()
        do {
            for (file, source) in modules {
                try script.append(String(decoding: source, as: UTF8.self), file: file)
            }
        } catch {
            preconditionFailure("\(error.file): \(error.problem)")
        }
        return CompactScript(Array(script.text.utf8)).bytes
    }

    /// Adds the next module. `file` is the last part of the path by which others import it.
    mutating func append(_ source: String, file: String) throws(Flaw) {
        for line in source.split(separator: "\n") {
            try append(line: line, file: file)
        }
    }

    private mutating func append(line: Substring, file: String) throws(Flaw) {
        switch line.prefix(while: \.isLetter) {
        case "import":
            guard let (_, names, path) = line.wholeMatch(of: Self.importing)?.output else {
                throw Flaw(file: file, problem: "unknown form of import: \(line)")
            }
            for name in names.split(separator: ", ") {
                if path.hasPrefix("/") {
                    try declare(name, file: file)
                } else if exporters[name].map({ path.hasSuffix("/\($0)") }) != true {
                    throw Flaw(file: file, problem: "no module before it exports \(name): \(path)")
                }
            }
            if path.hasPrefix("/") { text += line + "\n" }
        case "export":
            let line = line.dropFirst("export ".count)
            exporters[try declare(in: line, file: file)] = file
            text += line + "\n"
        case "async", "class", "const", "function", "let", "var":
            _ = try declare(in: line, file: file)
            text += line + "\n"
        default:
            text += line + "\n"
        }
    }

    /// Returns the name that the line declares.
    private mutating func declare(in line: Substring, file: String) throws(Flaw) -> Substring {
        guard let name = line.prefixMatch(of: Self.declaring)?.output.1 else {
            throw Flaw(file: file, problem: "unknown form of declaration: \(line)")
        }
        try declare(name, file: file)
        return name
    }

    private mutating func declare(_ name: Substring, file: String) throws(Flaw) {
        guard names.insert(name).inserted else {
            throw Flaw(file: file, problem: "a second \(name)")
        }
    }

    /// Matches the names, and the path of another module or of a file that the server has.
    private static var importing: Regex<(Substring, Substring, Substring)> {
        #/import \{ (\w+(?:, \w+)*) \} from "((?:\.{1,2}(?:/\w+)*)?/[\w-]+\.js)";/#
    }

    /// Matches the start of a declaration of one name.
    private static var declaring: Regex<(Substring, Substring)> {
        /(?:const|let|class|(?:async )?function) (\w+)(?: [={]|\(|;)/
    }
}
