internal import Foundation
internal import GRDB
internal import Logging

/// Where the database is, and how it is opened, tried and closed.
struct DatabaseFile: Sendable {
    /// Pages of the WAL (4 MiB of them) after which a commit moves them into the database. The more
    /// of them, the longer that commit and those behind it wait for the disk.
    private static let checkpointPages = 1_000
    /// Bytes of the WAL that stay on the disk after a checkpoint. It grows past them only while a
    /// reader holds on to what it reads, which is a page of history.
    private static let walBytes = 16 << 20
    /// Bytes that must find a place before a store that failed counts as recovered: more than most
    /// groups need.
    private static let probeBytes = 262_144
    /// Seconds that a lock of another program is waited for; ``DataLock`` keeps our own away.
    private static let lockPatience = 1.0

    let path: String
    let log: Logger?

    /// A file whose presence says that the database was seen to be corrupt while it was in use.
    private var suspicion: String { path + "-suspect" }

    /// Opens the database for writing, or makes it. Until somebody changes that, each commit waits
    /// for the disk.
    func open() throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.busyMode = .timeout(Self.lockPatience)
        let connection = try DatabaseQueue(path: path, configuration: configuration)
        try connection.writeWithoutTransaction { db in
            try Schema.check(db, path: path)
            // It counts while the file is empty. Pages that retention has freed are used again, and
            // where a flood has left many of them, they can be given back a few at a time.
            try db.execute(sql: "PRAGMA auto_vacuum = INCREMENTAL")
            guard try String.fetchOne(db, sql: "PRAGMA journal_mode = WAL") == "wal" else {
                throw Fault(
                    .passing, "\(path) can't have a WAL: use a file system with shared memory")
            }
            try db.execute(sql: "PRAGMA synchronous = FULL")
            // Some builds of SQLite write every page that is freed once more, with zeros.
            try db.execute(sql: "PRAGMA secure_delete = FAST")
            try db.execute(sql: "PRAGMA wal_autocheckpoint = \(Self.checkpointPages)")
            try db.execute(sql: "PRAGMA journal_size_limit = \(Self.walBytes)")
        }
        return connection
    }

    /// Opens the database for reading. Throws if it doesn't have this program's tables.
    func openForReading() throws -> DatabaseQueue {
        try openForReading(path)
    }

    /// Opens a database for reading that nobody can write, not even what readers tell one another.
    /// It must not have a WAL.
    func openUnchanging() throws -> DatabaseQueue {
        guard !FileManager.default.fileExists(atPath: path + "-wal") else {
            throw DatabaseError(resultCode: .SQLITE_CANTOPEN)
        }
        return try openForReading("\(URL(filePath: path).absoluteString)?immutable=1")
    }

    private func openForReading(_ path: String) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(Self.lockPatience)
        let connection = try DatabaseQueue(path: path, configuration: configuration)
        try connection.read { db in
            try Schema.check(db, path: path)
            guard try Schema.migrator.hasCompletedMigrations(db) else {
                throw Fault(.passing, "\(path) has no tables yet")
            }
        }
        return connection
    }

    /// Writes in earnest, and gives the space back. Throws if that fails.
    func probe(_ connection: DatabaseQueue) throws {
        try connection.writeWithoutTransaction { db in
            // On a full disk, what has moved from the WAL into free pages of the database makes
            // room in the WAL.
            try db.checkpoint(.passive)
            try db.execute(
                sql: "REPLACE INTO probe (id, filler) VALUES (1, zeroblob(?))",
                arguments: [Self.probeBytes])
            try db.execute(sql: "DELETE FROM probe")
        }
    }

    /// Closes the database as a run in which nothing is missing, and leaves no WAL.
    func close(_ connection: DatabaseQueue, after run: Run) throws {
        try connection.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA synchronous = FULL")
            try run.save(db)
            try db.checkpoint(.truncate)
        }
        try connection.close()
    }

    /// Whether it was seen to be corrupt.
    var isSuspect: Bool { FileManager.default.fileExists(atPath: suspicion) }

    /// Remembers that it was seen to be corrupt, as far as the disk lets us.
    func suspect() {
        _ = FileManager.default.createFile(atPath: suspicion, contents: nil)
    }

    /// What was suspected is settled.
    func trust() {
        guard isSuspect else { return }
        try? FileManager.default.removeItem(atPath: suspicion)
    }

    /// Throws if the database is corrupt. Reads all of it.
    func check(_ db: Database) throws {
        log?.notice("The database is checked; this may take a while", metadata: ["file": "\(path)"])
        let result = try String.fetchOne(db, sql: "PRAGMA quick_check(1)") ?? ""
        guard result == "ok" else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: result)
        }
    }

    /// Gives the database a name that nothing has yet, and SQLite's other files with it.
    func setAside(because fault: Fault, at time: Date) throws(Fault) {
        let files = FileManager.default
        let stamp = time.formatted(.iso8601.timeSeparator(.omitted).dateSeparator(.omitted))
        var aside = "\(path).corrupt-\(stamp)"
        var number = 1
        while Self.suffixes.contains(where: { files.fileExists(atPath: aside + $0) }) {
            number += 1
            aside = "\(path).corrupt-\(stamp)-\(number)"
        }
        do {
            // The database first: a WAL without one is nothing to SQLite.
            for suffix in Self.suffixes where files.fileExists(atPath: path + suffix) {
                try files.moveItem(atPath: path + suffix, toPath: aside + suffix)
            }
        } catch {
            throw Fault(
                .passing, "\(path) is corrupt and can't be renamed: move it away (\(error))")
        }
        trust()
        log?.error(
            "The database is corrupt: it is kept under another name, and a fresh one begins",
            metadata: ["file": "\(path)", "kept": "\(aside)", "error": "\(fault.reason)"])
    }

    private static let suffixes = ["", "-wal", "-shm"]

    /// The size of the database and its WAL.
    var bytes: Int {
        ["", "-wal"].reduce(0) { sum, suffix in
            let attributes = try? FileManager.default.attributesOfItem(atPath: path + suffix)
            return sum + (attributes?[.size] as? Int ?? 0)
        }
    }
}
