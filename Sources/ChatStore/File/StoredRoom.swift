internal import Chat
internal import GRDB

/// Reads rooms.
enum StoredRoom {
    /// The room's numbers, the current epoch, and the ends of earlier epochs in the room.
    static func snapshot(of room: RoomName, in db: Database) throws -> RoomSnapshot {
        let (earlier, present) = try epochs(db)
        guard let row = try row(of: room, in: db) else {
            return RoomSnapshot(
                epoch: present, lastSeq: 0, oldest: 1,
                ends: earlier.map { EpochEnd(epoch: $0.name, seq: 0) })
        }
        let starts = try Row.fetchAll(
            db.cachedStatement(
                sql: "SELECT epoch, seq FROM epoch_start WHERE room = ? ORDER BY epoch"),
            arguments: [row.id]
        ).map { (epoch: $0[0] as Int64? ?? 0, seq: $0[1] as Int64? ?? 0) }
        let ends = earlier.map { epoch in
            // An epoch without a line in the room ended where the epoch before it ended.
            let next = starts.first { $0.epoch > epoch.id }
            return EpochEnd(
                epoch: epoch.name, seq: next.map { UInt64(clamping: $0.seq - 1) } ?? row.last)
        }
        return RoomSnapshot(
            epoch: present, lastSeq: row.last, oldest: row.oldest, ends: ends)
    }

    static func page(
        of room: RoomName, from: UInt64, through: UInt64, in db: Database
    ) throws -> RoomPage {
        guard let row = try row(of: room, in: db) else {
            return RoomPage(lines: [], through: 0, oldest: 1)
        }
        let rows = try Row.fetchCursor(
            db.cachedStatement(
                sql: """
                    SELECT seq, time, username, message FROM line
                    WHERE room = ? AND seq BETWEEN ? AND ? ORDER BY seq LIMIT ?
                    """),
            arguments: [
                row.id, Int64(clamping: from), Int64(clamping: through), RoomPage.lineLimit,
            ])
        var lines: [Line] = []
        var bytes = 0
        while bytes <= RoomPage.byteLimit, let row = try rows.next() {
            let line = Line(
                seq: UInt64(clamping: row[0] as Int64? ?? 0),
                time: Timestamp(milliseconds: row[1] ?? 0), username: StoredText.text(row, 2),
                message: StoredText.text(row, 3))
            bytes += line.username.utf8.count + line.message.utf8.count
            lines.append(line)
        }
        let isCut = lines.count == RoomPage.lineLimit || bytes > RoomPage.byteLimit
        let cut = isCut ? lines.last?.seq : nil
        return RoomPage(
            lines: lines, through: cut ?? min(through, row.last), oldest: row.oldest)
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

    /// Earlier epochs in order, and the current one.
    private static func epochs(
        _ db: Database
    ) throws -> (earlier: [(id: Int64, name: Epoch)], present: Epoch) {
        let rows = try Row.fetchAll(
            db.cachedStatement(sql: "SELECT id, name FROM epoch ORDER BY id"))
        guard let present = rows.last.flatMap({ Epoch(StoredText.text($0, 1)) }) else {
            throw DatabaseError(message: "the database has no epoch")
        }
        let earlier = rows.dropLast().compactMap { row -> (id: Int64, name: Epoch)? in
            guard let id: Int64 = row[0], let name = Epoch(StoredText.text(row, 1)) else {
                return nil
            }
            return (id, name)
        }
        return (earlier, present)
    }
}
