public import Chat
internal import GRDB

/// Reads rooms for a follower that keeps its own place, with connections of its own that can't
/// write. Its calls block. They are short, so that they don't keep the logs of commits from being
/// emptied. One thread at a time may use it.
public final class StreamReader {
    private let lineFile: DatabaseFile
    private let changeFile: ChangeFile
    private let directory: String
    private var lines: DatabaseQueue?
    private var changes: DatabaseQueue?
    private var deletions: DeletionReader
    /// The files that are open.
    private var identities: [FileIdentity.Node?] = []

    /// Reads the files of a directory, some of which may not be there yet.
    public init(directory: String) {
        self.directory = directory
        lineFile = DatabaseFile(path: "\(directory)/\(SQLiteStore.fileName)", log: nil)
        changeFile = ChangeFile(directory: directory)
        deletions = DeletionReader(directory: directory)
    }

    /// Whether there are lines.
    public var hasFile: Bool { lineFile.identity.database != nil }

    /// Closes the files. The next call opens them again.
    public func close() {
        for connection in [lines, changes] { try? connection?.close() }
        (lines, changes, identities) = (nil, nil, [])
        deletions = DeletionReader(directory: directory)
    }

    // MARK: Where streams end

    /// The epoch of all numbers, and the ends of these rooms, or of all.
    public func heads(of rooms: [RoomName]?) throws -> (epoch: String, heads: [RoomHead]) {
        let wanted = rooms.map { Set($0) }
        func takes(_ room: RoomName) -> Bool { wanted?.contains(room) ?? true }
        // Lines first: those before a change are there then, once the change is.
        let (epoch, floor, found) = try readLines { db in
            let rows = try Row.fetchAll(
                db.cachedStatement(sql: "SELECT name, last, oldest FROM room"))
            let name = try String.fetchOne(
                db.cachedStatement(sql: "SELECT name FROM epoch ORDER BY id DESC LIMIT 1"))
            return (name ?? "", UInt64(try StoredRoom.floor(db)), rows)
        }
        let revs = try readChanges { db in
            try Row.fetchAll(db.cachedStatement(sql: "SELECT name, rev FROM room WHERE rev > 0"))
        }
        var last: [RoomName: UInt64] = [:]
        for row in revs ?? [] {
            guard let room = RoomName(follower: StoredText.text(row, 0)), takes(room),
                let rev = StoredNumber.value(row, 1, in: StoredNumber.seqs)
            else { continue }
            last[room] = UInt64(rev)
        }
        var heads: [RoomHead] = []
        for row in found {
            guard let room = RoomName(StoredText.text(row, 0)), takes(room),
                let seq = StoredNumber.value(row, 1, in: 0...StoredNumber.limit),
                let oldest = StoredNumber.value(row, 2, in: 1...StoredNumber.limit + 1)
            else { continue }
            let rev = last.removeValue(forKey: room) ?? 0
            heads.append(
                RoomHead(
                    room, oldest: UInt64(oldest), last: RoomCursor(seq: UInt64(seq), rev: rev)))
        }
        for (room, rev) in last.sorted(by: { $0.key.text < $1.key.text }) {
            heads.append(
                RoomHead(room, oldest: floor + 1, last: RoomCursor(seq: floor, rev: rev)))
        }
        return (epoch, heads)
    }

    /// Cursors of an epoch that isn't the present one any more: those of lines that were lost go
    /// back to the last one that wasn't.
    public func adjusted(
        _ cursors: [RoomName: RoomCursor], of epoch: String
    ) throws -> [RoomName: RoomCursor] {
        let rooms = cursors.keys.filter { $0 != .everywhere }
        let snapshots = try readLines { db in try StoredRoom.snapshots(of: rooms, in: db) }
        var adjusted = cursors
        for (room, snapshot) in zip(rooms, snapshots) {
            let end = snapshot.ends.last { $0.epoch.text.hasSameBytes(as: epoch) }
            let last = min(end?.seq ?? snapshot.lastSeq, snapshot.lastSeq)
            adjusted[room]?.seq = min(cursors[room]?.seq ?? 0, last)
        }
        return adjusted
    }

    // MARK: Entries

    /// Lines of a room, without the texts of those that were deleted: as many as fit into a page.
    public func page(of room: RoomName, from: UInt64, through: UInt64) throws -> RoomPage {
        let page = try readLines { db in
            try StoredRoom.page(of: room, from: from, through: through, in: db)
        }
        // Without complete tables there was no change yet.
        return try openChanges() == nil ? page : deletions.hide(page, of: room)
    }

    /// Changes of a room after a number, in order.
    public func changes(
        of room: RoomName, after rev: UInt64, atMost limit: Int
    ) throws -> [ChangeRecord] {
        let rows = try readChanges { db in
            try Row.fetchAll(
                db.cachedStatement(
                    sql: """
                        SELECT rev, after, change.time, action, body, author, note FROM change
                        WHERE room = (SELECT id FROM room WHERE name = ?) AND rev > ?
                        ORDER BY rev LIMIT ?
                        """),
                arguments: [room.text, Int64(clamping: rev), limit])
        }
        return (rows ?? []).compactMap { row in
            ChangeTable.change(row).map { change in
                ChangeRecord(
                    change, action: StoredText.text(row, 3), by: StoredText.text(row, 5),
                    note: StoredText.text(row, 6))
            }
        }
    }

    /// The last line and the last change of a room behind a cursor that are older than a time.
    public func last(
        of room: RoomName, behind cursor: RoomCursor, before time: Timestamp
    ) throws -> RoomCursor {
        var end = cursor
        let seq = try readLines { db -> Int64? in
            guard let id = try RoomNumbers.stored(room, in: db)?.id else { return nil }
            return try Self.last(
                "SELECT seq, time FROM line WHERE room = ? AND seq > ? ORDER BY seq", of: id,
                behind: cursor.seq, before: time, in: db)
        }
        end.seq = seq.map { UInt64($0) } ?? cursor.seq
        let rev = try readChanges { db -> Int64? in
            guard let id = try ChangeTable.room(room, in: db)?.id else { return nil }
            return try Self.last(
                "SELECT rev, time FROM change WHERE room = ? AND rev > ? ORDER BY rev", of: id,
                behind: cursor.rev, before: time, in: db)
        }
        end.rev = rev.flatMap(\.self).map { UInt64($0) } ?? cursor.rev
        return end
    }

    /// Looks at rows until one isn't older.
    private static func last(
        _ sql: String, of room: Int64, behind number: UInt64, before time: Timestamp,
        in db: Database
    ) throws -> Int64? {
        let rows = try Row.fetchCursor(
            db.cachedStatement(sql: sql), arguments: [room, Int64(clamping: number)])
        var last: Int64?
        while let row = try rows.next(), StoredNumber.time(row, 1) < time {
            last = StoredNumber.value(row, 0, in: StoredNumber.seqs) ?? last
        }
        return last
    }

    // MARK: The files

    private func readLines<Result>(_ body: (Database) throws -> Result) throws -> Result {
        try checkFiles()
        let connection = try lines ?? lineFile.openForReading()
        lines = connection
        return try connection.read(body)
    }

    /// Nil if there are no changes.
    private func readChanges<Result>(_ body: (Database) throws -> Result) throws -> Result? {
        try openChanges()?.read(body)
    }

    /// Nil if there is no file of changes, or if the writer is still making its tables. A
    /// connection that was opened too early would remember that they weren't there.
    private func openChanges() throws -> DatabaseQueue? {
        try checkFiles()
        if let changes { return changes }
        guard let opened = try changeFile.openForReading() else { return nil }
        let isReady = try opened.read { db in
            try Row.fetchOne(db, sql: "SELECT 1 FROM sqlite_schema WHERE name = 'held'") != nil
        }
        guard isReady else {
            try opened.close()
            return nil
        }
        changes = opened
        deletions = DeletionReader(directory: directory)
        return opened
    }

    /// Somebody may have replaced a file.
    private func checkFiles() throws {
        let found = [lineFile.path, changeFile.path].map {
            DatabaseFile(path: $0, log: nil).identity.database
        }
        guard found != identities else { return }
        close()
        identities = found
    }
}

extension RoomName {
    /// The name of a room, or `*`.
    fileprivate init?(follower text: String) {
        if text.hasSameBytes(as: RoomName.everywhere.text) {
            self = .everywhere
        } else {
            self.init(text)
        }
    }
}
