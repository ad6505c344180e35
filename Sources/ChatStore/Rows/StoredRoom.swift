internal import Chat
internal import GRDB

/// Reads rooms.
enum StoredRoom {
    /// The numbers of rooms, the current epoch, and the ends of earlier epochs in each room.
    static func snapshots(of rooms: [RoomName], in db: Database) throws -> [RoomSnapshot] {
        let (earlier, present) = try epochs(db)
        return try rooms.map { try snapshot(of: $0, earlier, present, in: db) }
    }

    private static func snapshot(
        of room: RoomName, _ earlier: [(id: Int64, name: Epoch)], _ present: Epoch,
        in db: Database
    ) throws -> RoomSnapshot {
        guard let numbers = try RoomNumbers.stored(room, in: db) else {
            // If it had lines, they and its row are gone. Its numbers were not above this one.
            let floor = UInt64(try floor(db))
            return RoomSnapshot(
                epoch: present, lastSeq: floor, oldest: floor + 1,
                ends: earlier.map { EpochEnd(epoch: $0.name, seq: 0) })
        }
        let starts = try Row.fetchAll(
            db.cachedStatement(
                sql: "SELECT epoch, seq FROM epoch_start WHERE room = ? ORDER BY epoch"),
            arguments: [numbers.id]
        ).compactMap { row -> (epoch: Int64, seq: Int64)? in
            guard let epoch = StoredNumber.value(row, 0, in: StoredNumber.epochs),
                let seq = StoredNumber.value(row, 1, in: StoredNumber.seqs)
            else { return nil }
            return (epoch, seq)
        }
        let ends = earlier.map { epoch in
            // An epoch without a line in the room ended where the epoch before it ended.
            let next = starts.first { $0.epoch > epoch.id }
            let end = min(next.map { $0.seq - 1 } ?? numbers.last, numbers.last)
            return EpochEnd(epoch: epoch.name, seq: UInt64(end))
        }
        return RoomSnapshot(
            epoch: present, lastSeq: UInt64(numbers.last), oldest: UInt64(numbers.oldest),
            ends: ends)
    }

    static func page(
        of room: RoomName, from: UInt64, through: UInt64, in db: Database
    ) throws -> RoomPage {
        guard let numbers = try RoomNumbers.stored(room, in: db) else {
            let floor = UInt64(try floor(db))
            return RoomPage(lines: [], through: min(through, floor), oldest: floor + 1)
        }
        let (last, oldest) = (UInt64(numbers.last), UInt64(numbers.oldest))
        let first = max(from, oldest)
        let end = min(through, last)
        let rows = try Row.fetchCursor(
            db.cachedStatement(
                sql: """
                    SELECT \(StoredAuthor.columns(in: db)) FROM line
                    WHERE room = ? AND seq BETWEEN ? AND ? ORDER BY seq LIMIT ?
                    """),
            arguments: [
                numbers.id, Int64(clamping: first), Int64(clamping: end), RoomPage.lineLimit,
            ])
        var lines: [Line] = []
        var bytes = 0
        while bytes <= RoomPage.byteLimit, let row = try rows.next() {
            guard let seq = StoredNumber.value(row, 0, in: StoredNumber.seqs).map(UInt64.init)
            else { continue }
            guard seq == first + UInt64(lines.count) else {
                // Somebody has deleted the lines before this one. The next page begins there.
                return RoomPage(
                    lines: lines, through: lines.last?.seq ?? seq - 1, oldest: oldest)
            }
            let line = Line(
                seq: seq, time: StoredNumber.time(row, 1), username: StoredText.text(row, 2),
                message: StoredText.text(row, 3), by: StoredAuthor.author(row, from: 4))
            bytes += line.username.utf8.count + line.message.utf8.count
            lines.append(line)
        }
        return RoomPage(lines: lines, through: lines.last?.seq ?? end, oldest: oldest)
    }

    /// The highest number of rooms that were forgotten.
    static func floor(_ db: Database) throws -> Int64 {
        // Another thread may read a file that has yet to get the column.
        let row = try? Row.fetchOne(db.cachedStatement(sql: "SELECT floor FROM run"))
        return row.flatMap { StoredNumber.value($0, 0, in: 0...StoredNumber.limit - 1) } ?? 0
    }

    /// Earlier epochs in order, and the current one.
    private static func epochs(
        _ db: Database
    ) throws -> (earlier: [(id: Int64, name: Epoch)], present: Epoch) {
        var epochs = try Row.fetchAll(
            db.cachedStatement(sql: "SELECT id, name FROM epoch ORDER BY id")
        ).compactMap { row -> (id: Int64, name: Epoch)? in
            guard let id = StoredNumber.value(row, 0, in: StoredNumber.epochs),
                let name = Epoch(StoredText.text(row, 1))
            else { return nil }
            return (id, name)
        }
        guard let present = epochs.popLast() else {
            throw DatabaseError(message: "the database has no epoch")
        }
        return (epochs, present.name)
    }
}
