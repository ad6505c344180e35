internal import Chat
internal import GRDB

/// The numbers in a room's row.
struct RoomNumbers: Equatable {
    let id: Int64
    var last: Int64
    /// `last + 1` if no line is left.
    var oldest: Int64
    /// The epoch of the last line, 0 before the first.
    var epoch: Int64

    var lines: Int64 { last - oldest + 1 }

    /// Reads a room's numbers. Nil if it has no row.
    static func stored(_ room: RoomName, in db: Database) throws -> RoomNumbers? {
        let row = try Row.fetchOne(
            db.cachedStatement(sql: "SELECT id, last, oldest, epoch FROM room WHERE name = ?"),
            arguments: [room.text])
        return try row.flatMap { try RoomNumbers($0, in: db) }
    }

    /// Takes the numbers from a row that begins with `id, last, oldest, epoch`. The room's lines
    /// tell what the row has wrong. So all numbers are in their range, and no line is above `last`.
    init?(_ row: Row, in db: Database) throws {
        guard let id = StoredNumber.value(row, 0, in: .min ... .max) else { return nil }
        self.id = id
        let newest = try Self.line(of: id, "DESC", in: db) ?? 0
        last = max(newest, StoredNumber.value(row, 1, in: 0...StoredNumber.limit) ?? 0)
        if let oldest = StoredNumber.value(row, 2, in: 1...last + 1) {
            self.oldest = oldest
        } else {
            oldest = try Self.line(of: id, "ASC", in: db) ?? last + 1
        }
        epoch = StoredNumber.value(row, 3, in: StoredNumber.epochs) ?? 0
    }

    init(id: Int64, last: Int64, oldest: Int64, epoch: Int64) {
        self.id = id
        self.last = last
        self.oldest = oldest
        self.epoch = epoch
    }

    /// The number of the first line in an order.
    private static func line(of room: Int64, _ order: String, in db: Database) throws -> Int64? {
        let row = try Row.fetchOne(
            db.cachedStatement(
                sql: """
                    SELECT seq FROM line WHERE room = ? AND seq BETWEEN 1 AND ?
                    ORDER BY seq \(order) LIMIT 1
                    """),
            arguments: [room, StoredNumber.limit])
        return row.flatMap { StoredNumber.value($0, 0, in: StoredNumber.seqs) }
    }
}
