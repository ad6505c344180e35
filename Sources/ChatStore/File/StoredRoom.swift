internal import Chat
internal import GRDB

/// What is read of a room.
enum StoredRoom {
    /// The room's numbers, and where earlier epochs ended in it.
    static func record(of room: RoomName, in db: Database) throws -> RoomRecord {
        let epochs = try earlierEpochs(db)
        guard let row = try row(of: room, in: db) else {
            return RoomRecord(
                lastSeq: 0, oldest: 1, ends: epochs.map { EpochEnd(epoch: $0.name, seq: 0) })
        }
        let starts = try Row.fetchAll(
            db.cachedStatement(
                sql: "SELECT epoch, seq FROM epoch_start WHERE room = ? ORDER BY epoch"),
            arguments: [row.id]
        ).map { (epoch: $0[0] as Int64? ?? 0, seq: $0[1] as Int64? ?? 0) }
        let ends = epochs.map { epoch in
            // An epoch without a line of the room ended in it where the one before it did.
            let next = starts.first { $0.epoch > epoch.id }
            return EpochEnd(
                epoch: epoch.name, seq: next.map { UInt64(clamping: $0.seq - 1) } ?? row.last)
        }
        return RoomRecord(lastSeq: row.last, oldest: row.oldest, ends: ends)
    }

    static func page(
        of room: RoomName, from: UInt64, through: UInt64, in db: Database
    ) throws -> HistoryPage {
        guard let row = try row(of: room, in: db) else { return HistoryPage(lines: [], oldest: 1) }
        let rows = try Row.fetchCursor(
            db.cachedStatement(
                sql: """
                    SELECT seq, time, username, message FROM line
                    WHERE room = ? AND seq BETWEEN ? AND ? ORDER BY seq LIMIT ?
                    """),
            arguments: [
                row.id, Int64(clamping: from), Int64(clamping: through), HistoryPage.lineLimit,
            ])
        var lines: [StoredLine] = []
        var bytes = 0
        while bytes <= HistoryPage.byteLimit, let row = try rows.next() {
            let line = StoredLine(
                seq: UInt64(clamping: row[0] as Int64? ?? 0),
                time: Timestamp(milliseconds: row[1] ?? 0), username: StoredText.text(row, 2),
                message: StoredText.text(row, 3))
            bytes += line.username.utf8.count + line.message.utf8.count
            lines.append(line)
        }
        return HistoryPage(lines: lines, oldest: row.oldest)
    }

    /// The epoch of the last lines; nil where there never was one.
    static func epoch(_ db: Database) throws -> Epoch? {
        try Row.fetchOne(db, sql: "SELECT name FROM epoch ORDER BY id DESC LIMIT 1")
            .flatMap { Epoch(StoredText.text($0, 0)) }
    }

    private static func row(
        of room: RoomName, in db: Database
    ) throws -> (id: Int64, last: UInt64, oldest: UInt64)? {
        let row = try Row.fetchOne(
            db.cachedStatement(sql: "SELECT id, last, oldest FROM room WHERE name = ?"),
            arguments: [room.text])
        guard let row, let id: Int64 = row[0] else { return nil }
        return (
            id, UInt64(clamping: row[1] as Int64? ?? 0), UInt64(clamping: row[2] as Int64? ?? 1)
        )
    }

    private static func earlierEpochs(_ db: Database) throws -> [(id: Int64, name: Epoch)] {
        try Row.fetchAll(db.cachedStatement(sql: "SELECT id, name FROM epoch ORDER BY id"))
            .dropLast()
            .compactMap { row in
                guard let id: Int64 = row[0], let name = Epoch(StoredText.text(row, 1)) else {
                    return nil
                }
                return (id, name)
            }
    }
}
