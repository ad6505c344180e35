/// The scripts that browsers get, as ES modules that import each other.
///
/// The daemon joins those of the chat page into one script, where a circle or a missing import
/// would go unnoticed.
struct PageModules {
    static let folder = "Sources/ChatServer/Resources/"
    /// The scripts that a document or another site loads.
    static let entries = [
        "Page/page.js", "Page/Moderation/desk.js", "Admin/admin.js", "examples.js", "hubbub.js",
    ].map { folder + $0 }

    /// The modules by path.
    private let modules: [String: PageModule]

    init(_ files: [SourceFile]) {
        let scripts = files.filter { $0.path.hasPrefix(Self.folder) && $0.path.hasSuffix(".js") }
        modules = Dictionary(
            uniqueKeysWithValues: scripts.map { ($0.path, PageModule($0, root: Self.folder)) })
    }

    var paths: [String] { modules.keys.sorted() }

    /// Imports of missing files, and of names that the file doesn't export.
    var brokenImports: [Finding] {
        all { module in
            module.imports.filter { modules[$0.path]?.exports.isSuperset(of: $0.names) != true }
                .map { "\($0.path) doesn't export \($0.names.sorted().joined(separator: ", "))" }
        }
    }

    /// Modules that import themselves through others.
    var circles: [Finding] {
        all { module in
            reachable(from: module.imports.map(\.path)).contains(module.path)
                ? ["imports itself through other modules"] : []
        }
    }

    /// Modules that no page needs.
    var unreachable: [Finding] {
        let reached = reachable(from: Self.entries)
        return all { reached.contains($0.path) ? [] : ["no page imports it"] }
    }

    /// Names of other modules that are used without an import.
    var missingImports: [Finding] {
        let exported = Set(modules.values.flatMap(\.exports))
        return all { module in
            exported.subtracting(module.imports.flatMap(\.names)).subtracting(module.declarations)
                .intersection(module.words).sorted().map { "uses \($0) without importing it" }
        }
    }

    /// Imported names that the module doesn't use.
    var idleImports: [Finding] {
        all { module in
            Set(module.imports.flatMap(\.names)).subtracting(module.words).sorted()
                .map { "imports \($0) and doesn't use it" }
        }
    }

    private func all(_ problems: (PageModule) -> [String]) -> [Finding] {
        modules.values.sorted { $0.path < $1.path }.flatMap { module in
            problems(module).map { Finding(path: module.path, line: 1, problem: $0) }
        }
    }

    private func reachable(from paths: [String]) -> Set<String> {
        var reached: Set<String> = []
        var next = paths
        while let path = next.popLast() {
            guard let module = modules[path], reached.insert(path).inserted else { continue }
            next += module.imports.map(\.path)
        }
        return reached
    }
}
