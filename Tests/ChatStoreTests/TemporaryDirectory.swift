import Foundation
import GRDB
import Testing

@testable import ChatStore

/// A directory that is removed after the test.
final class TemporaryDirectory: Sendable {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "chat-store-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    var database: String { "\(path)/\(SQLiteStore.fileName)" }

    var names: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
    }

    /// The names of files that have a text somewhere.
    func names(having text: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: path).filter { name in
            let file = "\(path)/\(name)"
            // A store that is at work may have removed it since.
            guard let data = try? Data(contentsOf: URL(filePath: file)) else {
                #expect(!FileManager.default.fileExists(atPath: file))
                return false
            }
            return data.range(of: Data(text.utf8)) != nil
        }
    }

    /// Copies all files into another one.
    func copy(to other: TemporaryDirectory) throws {
        for name in try names {
            try FileManager.default.copyItem(
                atPath: "\(path)/\(name)", toPath: "\(other.path)/\(name)")
        }
    }

    /// Overwrites the head of each page of the database from the ninth on.
    func damage() throws {
        let handle = try FileHandle(forUpdating: URL(filePath: database))
        let size = try handle.seekToEnd()
        for page in stride(from: UInt64(8 * 4_096), to: size, by: 4_096) {
            try handle.seek(toOffset: page)
            try handle.write(contentsOf: Data(repeating: 0xAA, count: 64))
        }
        try handle.close()
    }

    /// Changes the database without the store.
    @discardableResult
    func edit<Result>(_ change: (Database) throws -> Result) throws -> Result {
        var configuration = Configuration()
        configuration.busyMode = .timeout(60)
        let queue = try DatabaseQueue(path: database, configuration: configuration)
        defer { try? queue.close() }
        return try queue.writeWithoutTransaction(change)
    }
}
