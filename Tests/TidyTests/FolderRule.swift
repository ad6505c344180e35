/// The limit of Swift files in one folder. A larger folder gets subfolders, named by what passes
/// through them.
enum FolderRule {
    static let files = 15
    private static let modules = ["Sources/", "Tests/", "Benchmarks/"]

    /// The folders with too many files of their own, except the allowed ones.
    static func findings(in files: [SourceFile], except exceptions: [TidyException]) -> [Finding] {
        let paths = files.filter { file in
            file.isSwift && modules.contains { file.path.hasPrefix($0) }
        }.map(\.path)
        let folders = Dictionary(grouping: paths) { path in
            path.split(separator: "/").dropLast().joined(separator: "/")
        }
        return folders.sorted { $0.key < $1.key }.compactMap { folder, paths in
            guard paths.count > Self.files, !TidyException.isListed(folder, in: exceptions) else {
                return nil
            }
            let problem = "\(paths.count) Swift files in one folder, more than \(Self.files)"
            return Finding(path: folder, line: 1, problem: problem)
        }
    }
}
