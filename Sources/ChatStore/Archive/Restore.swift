package import Chat
internal import Foundation
internal import GRDB

/// Puts a copy of a database in the place of a directory's database, while no daemon uses it.
///
/// The numbers of the lines that are lost are not given again: the copy takes over the last number
/// of each room of the database that it replaces, if that can be read. And a new epoch begins,
/// because numbers may be unknown that were given on another machine or after a damage.
package enum Restore {
    /// What is in place now.
    package struct Report: Equatable, Sendable {
        package let rooms: Int
        package let lines: Int
        package let bytes: Int
        /// The time of the newest line. Nil if there is none.
        package let newest: Timestamp?
        package let epoch: String
        /// The name that the database has now that was in use before. Nil if there was none.
        package let kept: String?
    }

    /// Puts the file at `path` in place. The caller has the ``DataLock`` of the directory.
    package static func put(_ path: String, into directory: String) throws(ArchiveFault) -> Report {
        try put(path, into: directory, machine: .real)
    }

    static func put(
        _ path: String, into directory: String, machine: Machine
    ) throws(ArchiveFault) -> Report {
        let source = try StoredDatabase.open(copy: path)
        let place = DatabaseFile(path: "\(directory)/\(SQLiteStore.fileName)", log: nil)
        let file = try FreshFile(place.path, replacing: true)
        do {
            try DatabaseCopy.copy(source, into: file)
            try source.close()
        } catch {
            throw fault(error, reading: path, writing: place.path)
        }
        let content: DatabaseCopy.Content
        do {
            content = try DatabaseCopy.finish(file.temporary)
        } catch {
            throw fault(error, reading: path, writing: path)
        }
        let name = place.unusedName("before-restore", at: machine.date())
        do {
            // SQLite removes a WAL that it can't use.
            try? FileCalls.link(place.path + "-wal", as: name + "-wal")
            let stamp = try renew(
                DatabaseFile(path: file.temporary, log: nil), after: place, keptAs: name, machine)
            try FileCalls.give(file.temporary, toOwnerOf: directory)
            let kept = try replace(place, by: file, keptAs: name)
            try StampFile(path: place.stamp).begin(stamp)
            try StoredDatabase.giveFiles(of: directory)
            place.trust()
            return Report(
                rooms: content.rooms, lines: content.lines, bytes: content.bytes,
                newest: content.newest.map { Timestamp(milliseconds: $0) },
                epoch: stamp.epoch.text, kept: kept)
        } catch {
            if FileCalls.node(at: name) == nil { FileCalls.remove(name + "-wal") }
            throw fault(error, reading: place.path, writing: place.path)
        }
    }

    /// Begins an epoch in the copy, behind the numbers of the database that it replaces.
    private static func renew(
        _ copy: DatabaseFile, after place: DatabaseFile, keptAs name: String, _ machine: Machine
    ) throws -> Stamp {
        let connection = try copy.open()
        try connection.writeWithoutTransaction { db in
            // It goes to the disk as a whole, before it gets its name.
            try db.execute(sql: "PRAGMA synchronous = OFF")
        }
        try Schema.migrator.migrate(connection)
        let changes = try changes(of: place.directory, machine)
        defer { try? changes?.connection.close() }
        if FileManager.default.fileExists(atPath: place.path) {
            // What can't be read of it is as unknown as the numbers of another machine.
            if let old = try? place.open() {
                // It is kept, without the deleted lines that the daemon had yet to erase.
                if let changes { try? erase(changes, in: old, at: machine.now()) }
                let last = Predecessor(connection: old, rooms: [], keepsLines: false)
                try last.handOver(to: connection, log: nil)
                // This moves its WAL into it.
                try? old.close()
                if FileCalls.node(at: place.path + "-wal") == nil {
                    FileCalls.remove(name + "-wal")
                }
            }
        }
        if let changes { try erase(changes, in: connection, at: machine.now()) }
        let stamp = try connection.writeWithoutTransaction { db in
            try db.inImmediateTransaction {
                _ = try Repair.rooms(in: db)
                let epoch = try OpenDatabase.next(db)
                let durability = try Run.last(db)?.durability ?? .process
                try Run(boot: machine.bootID(), isClean: true, durability: durability).save(db)
                let commits = try Int64.fetchOne(db, sql: "SELECT commits FROM run") ?? 0
                try db.execute(sql: "UPDATE run SET commits = ?", arguments: [commits])
                return Stamp(epoch: epoch.name, commits: commits)
            }
        }
        // A single file again, which gets its name in one step.
        try connection.writeWithoutTransaction {
            try $0.execute(sql: "PRAGMA journal_mode = DELETE")
        }
        try connection.close()
        return stamp
    }

    /// The changes of a directory, if it has any.
    private static func changes(
        of directory: String, _ machine: Machine
    ) throws -> ChangeTable? {
        let file = ChangeFile(directory: directory)
        return try file.exists ? ChangeTable(connection: file.open(at: machine.date())) : nil
    }

    /// Takes the texts of deleted lines out of the copy.
    private static func erase(
        _ changes: ChangeTable, in copy: DatabaseQueue, at now: Timestamp
    ) throws {
        while try GoneLines.eraseNext(changes, in: copy, at: now) {}
        _ = try GoneLines.eraseAgain(changes, in: copy)
    }

    /// Gives the copy its place. Returns the name under which the file is kept that was there.
    private static func replace(
        _ place: DatabaseFile, by file: FreshFile, keptAs name: String
    ) throws -> String? {
        let isThere = FileCalls.node(at: place.path) != nil
        if isThere { try keep(place.path, as: name) }
        // A WAL that is left belongs to a damaged file, or to none. SQLite would take it for that
        // of the copy.
        if FileCalls.node(at: place.path + "-wal") != nil,
            FileCalls.node(at: name + "-wal") == nil
        {
            try keep(place.path + "-wal", as: name + "-wal")
        }
        for suffix in ["-wal", "-shm"] { FileCalls.remove(place.path + suffix) }
        do {
            try file.publish()
        } catch {
            for suffix in ["", "-wal"] where FileCalls.node(at: name + suffix) != nil {
                // Whether it has two names or one.
                try? FileCalls.move(name + suffix, to: place.path + suffix)
                FileCalls.remove(name + suffix)
            }
            throw error
        }
        return isThere ? name : nil
    }

    /// Gives a file a second name, or, if its file system knows none, another name.
    private static func keep(_ path: String, as kept: String) throws(FileCalls.Failure) {
        do throws(FileCalls.Failure) {
            try FileCalls.link(path, as: kept)
        } catch {
            try FileCalls.move(path, to: kept)
        }
    }

    private static func fault(
        _ error: any Error, reading source: String, writing target: String
    ) -> ArchiveFault {
        let isDamage = (error as? DatabaseError)?.resultCode == .SQLITE_CORRUPT
        return ArchiveFault(error, path: isDamage ? source : target)
    }
}
