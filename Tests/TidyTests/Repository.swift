import Foundation

/// The files that the tidy rules check.
struct Repository {
    let root: URL
    let files: [SourceFile]

    private static let folders = [".ci", ".github", "Benchmarks", "Sources", "Tests", "scripts"]
    private static let texts: Set<String> = [
        "", "c", "h", "html", "ini", "js", "json", "md", "mjs", "py", "sh", "swift", "txt",
    ]

    /// The repository that this file belongs to.
    init() throws {
        root =
            URL(filePath: #filePath).resolvingSymlinksInPath()
            .appending(path: "../../..").standardizedFileURL
        let here = try FileManager.default.contentsOfDirectory(atPath: root.path)
        var paths = here.filter { $0.hasSuffix(".md") || $0.hasSuffix(".swift") || $0 == "LICENSE" }
        for folder in Self.folders {
            let below = try FileManager.default.subpathsOfDirectory(
                atPath: root.appending(path: folder).path)
            paths += below.filter { !$0.contains("__pycache__") && !$0.contains("/Corpus/") }
                .map { "\(folder)/\($0)" }
        }
        files = try paths.sorted().compactMap { [root] path in
            let url = root.appending(path: path)
            guard Self.texts.contains(url.pathExtension),
                try url.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true
            else { return nil }
            return SourceFile(path: path, text: try String(contentsOf: url, encoding: .utf8))
        }
    }

    /// The file at a path relative to the root.
    func file(_ path: String) -> SourceFile? {
        files.first { $0.path == path }
    }
}
