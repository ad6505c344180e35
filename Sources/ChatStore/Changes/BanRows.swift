internal import Chat
internal import GRDB

/// Reads and writes the bans and timeouts in force.
enum BanRows {
    private static let columns = """
        rev, timeout, kind, user, username, block, connection, time, until, reason, author, rank
        """

    /// Adds a ban. It takes the place of an earlier one with the same target.
    static func add(_ ban: Ban, to room: Int64, in db: Database) throws {
        try forget(at: ban.time, in: db)
        let target = ban.target
        try db.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO ban
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            room, Int64(ban.rev), StoredText.value(target.entry.text), ban.isTimeout ? 1 : 0,
            target.kind.rawValue, value(target.user), value(target.username),
            value(target.foldedName), Int64(bitPattern: target.origin.block),
            Int64(bitPattern: target.origin.connection), ban.time.milliseconds,
            ban.end?.milliseconds, StoredText.value(ban.reason), StoredText.value(ban.by),
            Int64(ban.rank.rawValue),
        ])
    }

    static func remove(_ ban: Ban, from room: Int64, in db: Database) throws {
        try db.cachedStatement(sql: "DELETE FROM ban WHERE room = ? AND rev = ?")
            .execute(arguments: [room, Int64(ban.rev)])
    }

    /// All bans that aren't over, with their rooms.
    static func all(
        at time: Timestamp, in db: Database
    ) throws -> [OrdererOpening.StoredBan] {
        try forget(at: time, in: db)
        let rows = try Row.fetchCursor(
            db,
            sql: """
                SELECT \(columns.replacing("rev", with: "ban.rev")), room.name FROM ban
                CROSS JOIN room ON room.id = ban.room ORDER BY ban.room, ban.rev
                """)
        var bans: [OrdererOpening.StoredBan] = []
        while let row = try rows.next() {
            let name = StoredText.text(row, 12)
            guard let room = name == RoomName.everywhere.text ? .everywhere : RoomName(name),
                let ban = ban(row)
            else { continue }
            bans.append(OrdererOpening.StoredBan(room: room, ban))
        }
        return bans
    }

    /// The bans of a room that have this in common.
    static func bans(
        of room: Int64, _ trait: UnbanOrder.Trait?, at time: Timestamp, in db: Database
    ) throws -> [Ban] {
        let (condition, value): (String, DatabaseValue) =
            switch trait {
            case .rev(let rev): ("rev", Int64(clamping: rev).databaseValue)
            case .user(let user): ("user", StoredText.value(user))
            case .foldedName(let name): ("folded", StoredText.value(name))
            case nil: ("rev", (-1).databaseValue)
            }
        return try Row.fetchAll(
            db.cachedStatement(
                sql: "SELECT \(columns) FROM ban WHERE room = ? AND \(condition) = ?"),
            arguments: [room, value]
        ).compactMap(ban).filter { !$0.isOver(at: time) }
    }

    /// The bans of a room that were made after a change, the oldest first.
    static func bans(
        of room: Int64, after rev: UInt64, atMost limit: Int, at time: Timestamp, in db: Database
    ) throws -> [Ban] {
        try Row.fetchAll(
            db.cachedStatement(
                sql: """
                    SELECT \(columns) FROM ban
                    WHERE room = ? AND rev > ? AND (until IS NULL OR until > ?)
                    ORDER BY rev LIMIT ?
                    """),
            arguments: [room, Int64(clamping: rev), time.milliseconds, limit]
        ).compactMap(ban)
    }

    /// Forgets bans that are over.
    private static func forget(at time: Timestamp, in db: Database) throws {
        try db.cachedStatement(sql: "DELETE FROM ban WHERE until <= ?")
            .execute(arguments: [time.milliseconds])
    }

    private static func value(_ text: String?) -> DatabaseValue {
        text.map(StoredText.value) ?? .null
    }

    /// Nil if somebody has edited the row.
    private static func ban(_ row: Row) -> Ban? {
        guard let rev = StoredNumber.value(row, 0, in: StoredNumber.seqs),
            let timeout = StoredNumber.value(row, 1, in: 0...1),
            let kind = BanTarget.Kind(rawValue: StoredText.text(row, 2)),
            let block = StoredNumber.value(row, 5, in: .min ... .max),
            let connection = StoredNumber.value(row, 6, in: .min ... .max),
            let number = StoredNumber.value(row, 11, in: 0...Int64(UInt8.max)),
            let rank = Badge(rawValue: UInt8(number))
        else { return nil }
        let name = StoredText.text(row, 4)
        let target = BanTarget(
            kind, user: StoredAuthor.user(row, 3), username: name.isEmpty ? nil : name,
            origin: Origin(
                block: UInt64(bitPattern: block), connection: UInt64(bitPattern: connection)))
        return Ban(
            rev: UInt64(rev), target, isTimeout: timeout == 1, time: StoredNumber.time(row, 7),
            end: StoredNumber.value(row, 8, in: .min ... .max).map {
                Timestamp(milliseconds: $0)
            },
            reason: StoredText.text(row, 9), by: StoredText.text(row, 10), rank: rank)
    }
}
