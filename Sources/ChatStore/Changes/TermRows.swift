internal import Chat
internal import GRDB

/// Reads and writes the terms of rooms.
enum TermRows {
    static func change(_ edits: [TermEdit], of room: Int64, in db: Database) throws {
        for edit in edits {
            if let action = edit.new {
                try db.cachedStatement(sql: "REPLACE INTO term VALUES (?, ?, ?)")
                    .execute(arguments: [room, edit.text, action.rawValue])
            } else {
                try db.cachedStatement(sql: "DELETE FROM term WHERE room = ? AND text = ?")
                    .execute(arguments: [room, edit.text])
            }
        }
    }

    /// All terms of a room.
    static func terms(of room: Int64, in db: Database) throws -> [Term] {
        try Row.fetchAll(
            db.cachedStatement(sql: "SELECT text, action FROM term WHERE room = ?"),
            arguments: [room]
        ).compactMap(term)
    }

    /// The terms of a room behind a text, in order.
    static func terms(
        of room: Int64, after text: String, atMost limit: Int, in db: Database
    ) throws -> [Term] {
        try Row.fetchAll(
            db.cachedStatement(
                sql: """
                    SELECT text, action FROM term WHERE room = ? AND text > ?
                    ORDER BY text LIMIT ?
                    """),
            arguments: [room, text, limit]
        ).compactMap(term)
    }

    /// The rooms that have terms.
    static func rooms(in db: Database) throws -> [(id: Int64, name: RoomName)] {
        try Row.fetchAll(
            db,
            sql: """
                SELECT id, name FROM room
                WHERE EXISTS (SELECT 1 FROM term WHERE term.room = room.id)
                """
        ).compactMap { row in
            let name = StoredText.text(row, 1)
            guard let id = StoredNumber.value(row, 0, in: .min ... .max),
                let room = name == RoomName.everywhere.text ? .everywhere : RoomName(name)
            else { return nil }
            return (id, room)
        }
    }

    /// Nil if somebody has edited the row.
    private static func term(_ row: Row) -> Term? {
        Term.Action(rawValue: StoredText.text(row, 1)).map { Term(StoredText.text(row, 0), $0) }
    }
}
