internal import Chat
internal import Foundation
internal import GRDB
internal import Logging

/// The database's location, and how it is opened, probed and closed.
struct DatabaseFile: Sendable {
    /// Pages of the WAL (4 MiB) after which a commit moves them into the database. The more pages,
    /// the longer that commit and the next ones wait for the disk.
    private static let checkpointPages = 1_000
    /// Bytes of the WAL that stay on the disk after a checkpoint. The WAL grows above that only
    /// while a reader holds its snapshot, for as long as it takes to read a page of history.
    private static let walBytes = 16 << 20
    /// Bytes that a failed store must be able to write before it counts as recovered: more than
    /// most groups need.
    private static let probeBytes = 262_144
    /// Seconds to wait for another program's lock. ``DataLock`` excludes other Hubbub processes.
    static let lockPatience = 1.0

    let path: String
    let log: Logger?
    /// Called when an opening begins to take long.
    var tellsCheck: @Sendable () -> Void = {}

    /// The file of the ``Stamp``.
    var stamp: String { path + "-stamp" }

    /// A file that exists if the database was found to be corrupt while it was in use.
    private var suspicion: String { path + "-suspect" }

    /// Opens the database for writing, or creates it. Each commit waits for the disk until the
    /// caller changes that.
    func open() throws -> DatabaseQueue {
        let connection = try PrivateFile.database(path)
        try connection.writeWithoutTransaction { db in
            try Schema.check(db, path: path)
            // This takes effect while the file is empty. Pages freed by retention are reused. After
            // a flood has left many free pages, they can be given back a few at a time.
            try db.execute(sql: "PRAGMA auto_vacuum = INCREMENTAL")
            guard try String.fetchOne(db, sql: "PRAGMA journal_mode = WAL") == "wal" else {
                throw Fault(
                    .passing, "\(path) can't have a WAL: use a file system with shared memory")
            }
            try db.execute(sql: "PRAGMA synchronous = FULL")
            // Some builds of SQLite overwrite every freed page with zeros by default.
            try db.execute(sql: "PRAGMA secure_delete = FAST")
            try db.execute(sql: "PRAGMA wal_autocheckpoint = \(Self.checkpointPages)")
            try db.execute(sql: "PRAGMA journal_size_limit = \(Self.walBytes)")
        }
        return connection
    }

    /// Opens the database for reading. Throws if it doesn't have this program's tables.
    func openForReading() throws -> DatabaseQueue {
        try openForReading(isUnchanging: false)
    }

    /// Opens a database for reading that no process can write, without the files that readers
    /// share. It must not have a WAL.
    func openUnchanging() throws -> DatabaseQueue {
        guard !FileManager.default.fileExists(atPath: path + "-wal") else {
            throw DatabaseError(resultCode: .SQLITE_CANTOPEN)
        }
        return try openForReading(isUnchanging: true)
    }

    private func openForReading(isUnchanging: Bool) throws -> DatabaseQueue {
        let connection = try PrivateFile.databaseForReading(path, isUnchanging: isUnchanging)
        try connection.read { db in
            try Schema.check(db, path: path)
            guard try Schema.isReadable(db) else {
                throw Fault(.passing, "\(path) has no tables yet")
            }
        }
        return connection
    }

    /// Writes real data and deletes it again. Throws if that fails.
    func probe(_ connection: DatabaseQueue) throws {
        try connection.writeWithoutTransaction { db in
            // If the disk is full, moving the WAL into free pages of the database makes room in the
            // WAL.
            try db.checkpoint(.passive)
            try db.execute(
                sql: "REPLACE INTO probe (id, filler) VALUES (1, zeroblob(?))",
                arguments: [Self.probeBytes])
            try db.execute(sql: "DELETE FROM probe")
        }
    }

    /// Closes the database after a clean run, and leaves no WAL.
    func close(_ connection: DatabaseQueue, after run: Run, present: Timestamp) throws {
        try connection.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA synchronous = FULL")
            try run.save(db)
            try Run.save(present: present, in: db)
            try db.checkpoint(.truncate)
        }
        try connection.close()
    }

    /// Whether the database was found to be corrupt.
    var isSuspect: Bool { FileManager.default.fileExists(atPath: suspicion) }

    /// Records that the database was found to be corrupt, if the disk allows it.
    func suspect() {
        _ = FileManager.default.createFile(atPath: suspicion, contents: nil)
    }

    /// The suspicion is settled: removes the record.
    func trust() {
        guard isSuspect else { return }
        try? FileManager.default.removeItem(atPath: suspicion)
    }

    /// Throws if the database is corrupt. Reads all of it.
    func check(_ db: Database) throws {
        tellsCheck()
        log?.warning(
            "Checking the database after a crash: lines wait meanwhile, and /readyz says 503",
            metadata: ["file": "\(path)"])
        let result = try String.fetchOne(db, sql: "PRAGMA quick_check(1)") ?? ""
        guard result == "ok" else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: result)
        }
    }

    /// Renames the database, and SQLite's other files with it, to an unused name, which it returns.
    @discardableResult
    func setAside(because fault: Fault, at time: Date) throws(Fault) -> String {
        let files = FileManager.default
        let aside = unusedName("corrupt", at: time)
        do {
            // Move the database first: SQLite ignores a WAL without one.
            for suffix in Self.suffixes where files.fileExists(atPath: path + suffix) {
                try files.moveItem(atPath: path + suffix, toPath: aside + suffix)
            }
        } catch {
            throw Fault(
                .passing, "\(path) is corrupt and can't be renamed: move it away (\(error))")
        }
        trust()
        log?.error(
            "The database is corrupt: it is kept under another name, and a new one begins",
            metadata: ["file": "\(path)", "kept": "\(aside)", "error": "\(fault.reason)"])
        return aside
    }

    /// A name for a database that is put aside, which no file has yet.
    func unusedName(_ reason: String, at time: Date) -> String {
        let stamp = time.formatted(.iso8601.timeSeparator(.omitted).dateSeparator(.omitted))
        var name = "\(path).\(reason)-\(stamp)"
        var number = 1
        while Self.suffixes.contains(where: {
            FileManager.default.fileExists(atPath: name + $0)
        }) {
            number += 1
            name = "\(path).\(reason)-\(stamp)-\(number)"
        }
        return name
    }

    private static let suffixes = ["", "-wal", "-shm"]

    /// The files that are there now.
    var identity: FileIdentity { FileIdentity(database: node(""), wal: node("-wal")) }

    private func node(_ suffix: String) -> FileIdentity.Node? {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path + suffix)
        guard let device = attributes?[.systemNumber] as? NSNumber,
            let number = attributes?[.systemFileNumber] as? NSNumber
        else { return nil }
        return FileIdentity.Node(device: device.uint64Value, number: number.uint64Value)
    }

    /// Bytes of the database and its WAL.
    var bytes: Int { size("") + walBytes }

    var walBytes: Int { size("-wal") }

    var directory: String { URL(filePath: path).deletingLastPathComponent().path }

    private func size(_ suffix: String) -> Int {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path + suffix)
        return attributes?[.size] as? Int ?? 0
    }
}
