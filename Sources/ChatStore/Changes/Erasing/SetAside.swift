internal import Dispatch
internal import Foundation
internal import GRDB
internal import Logging

/// Databases that a restore or damage has left in the directory of a store. Deleted lines leave
/// them, too.
enum SetAside {
    /// They may be large, and no line waits for them.
    private static let queue = DispatchQueue(label: "databases set aside", qos: .utility)

    /// Erases deleted lines in all of them, and returns at once.
    static func eraseLater(in directory: String, log: Logger?) {
        queue.async { erase(in: directory, log: log) }
    }

    static func erase(in directory: String, log: Logger?) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        for name in names where !name.hasSuffix("-wal") && !name.hasSuffix("-shm") {
            let path = "\(directory)/\(name)"
            do {
                if name.hasPrefix("\(SQLiteStore.fileName).before-restore-")
                    || name.hasPrefix("\(SQLiteStore.fileName).corrupt-")
                {
                    try eraseLines(in: path, directory)
                } else if name.hasPrefix("\(ChangeFile.fileName)-corrupt-") {
                    try forgetKept(in: path)
                }
            } catch {
                log?.error(
                    "A database that was set aside may have texts of deleted lines: delete it",
                    metadata: ["file": "\(path)", "error": "\(error)"])
            }
        }
    }

    private static func eraseLines(in path: String, _ directory: String) throws {
        let gone = try DeletionReader(directory: directory).all()
        guard !gone.isEmpty else { return }
        let connection = try PrivateFile.database(path)
        try connection.read { try Schema.check($0, path: path) }
        try Schema.migrator.migrate(connection)
        _ = try GoneLines.erase(gone, in: connection)
        _ = try GoneLines.emptyLog(of: connection)
        try connection.close()
    }

    /// Nobody can bring back what a corrupt file of changes has kept.
    private static func forgetKept(in path: String) throws {
        let connection = try PrivateFile.database(path)
        try connection.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA secure_delete = ON")
            try db.execute(sql: "DELETE FROM kept")
        }
        _ = try GoneLines.emptyLog(of: connection)
        try connection.close()
    }
}
