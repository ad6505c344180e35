internal import Chat
internal import GRDB

/// Puts right what the store can't have written. Somebody may have edited the file.
enum Repair {
    /// The condition for a row of `room` that is out of order.
    private static let odd = """
        typeof(name) <> 'text'
        OR typeof(last) <> 'integer' OR last NOT BETWEEN 0 AND \(StoredNumber.limit)
        OR typeof(oldest) <> 'integer' OR oldest NOT BETWEEN 1 AND last + 1
        OR typeof(epoch) <> 'integer' OR epoch NOT BETWEEN 0 AND \(StoredNumber.epochs.upperBound)
        OR typeof(since) NOT IN ('integer', 'null')
        """

    /// Repairs the tables of any version. Returns whether numbers of lines may be used again, and
    /// a new epoch must begin.
    static func rooms(in db: Database) throws -> Bool {
        let rows = try Row.fetchAll(
            db, sql: "SELECT id, last, oldest, epoch, typeof(name) FROM room WHERE \(odd)")
        for row in rows {
            guard let room = try RoomNumbers(row, in: db) else { continue }
            try db.execute(
                sql: "DELETE FROM line WHERE room = ? AND seq NOT BETWEEN ? AND ?",
                arguments: [room.id, room.oldest, room.last])
            try db.execute(
                sql: """
                    UPDATE room SET last = ?2, oldest = ?3, epoch = ?4, since = (
                        SELECT time FROM line WHERE room = ?1 ORDER BY seq LIMIT 1
                    ) WHERE id = ?1
                    """,
                arguments: [room.id, room.last, room.oldest, room.epoch])
            if StoredText.text(row, 4) != "text" {
                // Nobody can enter it. Its lines still age.
                try db.execute(
                    sql: "UPDATE room SET name = 'odd-' || id WHERE id = ?", arguments: [room.id])
            }
        }
        try db.execute(
            sql: """
                DELETE FROM epoch WHERE id NOT BETWEEN 1 AND \(StoredNumber.epochs.upperBound)
                OR typeof(name) <> 'text' OR name GLOB '*[^a-z0-9]*'
                OR length(name) NOT BETWEEN 1 AND \(Epoch.lengthLimit)
                """)
        return !rows.isEmpty || db.changesCount > 0
    }
}
