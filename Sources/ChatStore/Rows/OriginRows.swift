internal import Chat
internal import GRDB

/// Where guests' lines come from, for ``Origin/period``.
enum OriginRows {
    /// A line was stored.
    static func add(_ draft: Draft, as room: RoomNumbers, in db: Database) throws {
        guard draft.author.isGuest, draft.origin != .unknown else { return }
        try db.cachedStatement(sql: "REPLACE INTO origin VALUES (?, ?, ?, ?, ?)")
            .execute(arguments: [
                draft.time.milliseconds, room.id, room.last,
                Int64(bitPattern: draft.origin.block),
                Int64(bitPattern: draft.origin.connection),
            ])
    }

    /// Where a line comes from. Nil if that isn't known, or isn't to be known any more.
    static func origin(
        of line: Line, in room: Int64, at now: Timestamp, in db: Database
    ) throws -> Origin? {
        guard now.milliseconds - line.time.milliseconds < Origin.period,
            let row = try Row.fetchOne(
                db.cachedStatement(
                    sql: """
                        SELECT block, connection FROM origin
                        WHERE time = ? AND room = ? AND seq = ?
                        """),
                arguments: [line.time.milliseconds, room, Int64(line.seq)]),
            let block = StoredNumber.value(row, 0, in: .min ... .max),
            let connection = StoredNumber.value(row, 1, in: .min ... .max)
        else { return nil }
        return Origin(
            block: UInt64(bitPattern: block), connection: UInt64(bitPattern: connection))
    }
}
