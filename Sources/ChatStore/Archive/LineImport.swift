package import Chat
internal import GRDB

/// Puts lines into the database of a directory that no daemon uses: all of them, or none.
package enum LineImport {
    /// What was stored.
    package struct Report: Equatable, Sendable {
        package let rooms: Int
        package let lines: Int
        /// Rooms that had a newer line before. Their times are not in order now.
        package let disordered: Int
    }

    /// Stores the lines that `next` returns until that is nil. Each gets its room's next number. If
    /// `next` throws, nothing is stored. The caller has the ``DataLock`` of the directory.
    package static func store(
        into directory: String, _ next: () throws -> [Draft]?
    ) throws -> Report {
        let file = DatabaseFile(path: "\(directory)/\(SQLiteStore.fileName)", log: nil)
        let database: OpenDatabase
        do throws(Fault) {
            // The lines are on the disk at the end, whatever the daemon's own setting.
            database = try OpenDatabase(file, durability: .power, machine: .real)
        } catch {
            throw ArchiveFault(error, path: file.path)
        }
        defer {
            try? database.connection.close()
            try? StoredDatabase.giveFiles(of: directory)
        }
        let present = database.present ?? Machine.real.now()
        var rooms = RoomTally()
        var table = LineTable(
            epoch: database.epochID, commits: database.commits, present: present)
        do {
            try database.connection.writeWithoutTransaction { db in
                try db.inImmediateTransaction {
                    while let drafts = try next() {
                        for draft in drafts { try rooms.take(draft, in: db) }
                        let submissions = drafts.map { Submission(id: 0, draft: $0) }
                        table.committed(try table.append(submissions, to: db))
                    }
                }
            }
            let stamp = Stamp(epoch: database.opening.epoch, commits: table.commits)
            database.stamp.committed(stamp)
        } catch let error as DatabaseError {
            throw ArchiveFault(error, path: file.path)
        }
        let run = Run(boot: Machine.real.bootID(), isClean: true, durability: .power)
        try? file.close(database.connection, after: run, present: present)
        return rooms.report
    }
}

/// The rooms of an import.
private struct RoomTally {
    private var newest: [RoomName: Int64] = [:]
    private var disordered: Set<RoomName> = []
    private var lines = 0

    var report: LineImport.Report {
        LineImport.Report(rooms: newest.count, lines: lines, disordered: disordered.count)
    }

    /// A line is about to be stored.
    mutating func take(_ draft: Draft, in db: Database) throws {
        lines += 1
        let time = draft.time.milliseconds
        let last = try newest[draft.room] ?? newestTime(of: draft.room, in: db)
        if time < last { disordered.insert(draft.room) }
        newest[draft.room] = max(time, last)
    }

    /// The time of the last line that is stored.
    private func newestTime(of room: RoomName, in db: Database) throws -> Int64 {
        let row = try Row.fetchOne(
            db.cachedStatement(
                sql: """
                    SELECT line.time FROM room CROSS JOIN line
                    ON line.room = room.id AND line.seq = room.last WHERE room.name = ?
                    """),
            arguments: [room.text])
        return row.map { StoredNumber.time($0, 0).milliseconds } ?? 0
    }
}
