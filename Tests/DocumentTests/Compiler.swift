import Foundation

/// The Swift compiler with the modules that this test was built with.
struct Compiler {
    /// The folder of the modules from the build.
    private let products: URL
    private let checkouts: URL

    init() throws {
        products = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
            .deletingLastPathComponent()
        var folder = products
        while folder.path != "/", !Self.exists(folder.appending(path: "checkouts")) {
            folder.deleteLastPathComponent()
        }
        checkouts = folder.appending(path: "checkouts")
        guard Self.exists(products.appending(path: "Modules")), Self.exists(checkouts) else {
            throw CocoaError(.fileNoSuchFile)
        }
    }

    private static func exists(_ url: URL) -> Bool {
        FileManager.default.fileExists(atPath: url.path)
    }

    /// The compiler's messages about the source. Empty if it is correct.
    func complaints(about source: String) throws -> String {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "sample.swift")
        try source.write(to: file, atomically: true, encoding: .utf8)

        let process = Process()
        let output = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments =
            [
                "swiftc", "-typecheck", "-parse-as-library", "-swift-version", "6",
                "-enable-upcoming-feature", "MemberImportVisibility",
                "-enable-upcoming-feature", "ExistentialAny",
                "-strict-memory-safety", "-warnings-as-errors",
                "-I", products.appending(path: "Modules").path,
                "-I", checkouts.appending(path: "GRDB.swift/Sources/GRDBSQLite").path,
            ] + (try moduleMaps()) + [file.path]
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let said = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        let text = String(decoding: said, as: UTF8.self)
        return process.terminationStatus == 0 ? "" : text.isEmpty ? "swiftc failed" : text
    }

    /// The module maps that the build wrote for the modules in C.
    private func moduleMaps() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: products.path)
            .filter { $0.hasSuffix(".build") }
            .map { products.appending(path: $0).appending(path: "module.modulemap") }
            .filter(Self.exists)
            .flatMap { ["-Xcc", "-fmodule-map-file=\($0.path)"] }
    }
}
