internal import Chat
internal import GRDB

/// Numbers that the file of lines has lost: the machine has died before they were on the disk, or
/// the file was deleted, or is a copy from another machine. New lines get these numbers again, and
/// deletions of the lost lines must not meet them.
enum LostNumbers {
    /// A room of the file of changes.
    struct Room {
        let name: RoomName
        /// The room's last number.
        let last: Int64
        /// Deleted lines whose numbers are those of other lines, or will be.
        let lines: [ChangeTable.Gone]
    }

    /// Looks for them when both files have been opened.
    static func all(
        of rooms: [RoomName], _ gone: [RoomName: [ChangeTable.Gone]],
        in connection: DatabaseQueue
    ) throws -> [Room] {
        try connection.read { db in
            let floor = try StoredRoom.floor(db)
            return try rooms.map { name in
                let numbers = try RoomNumbers.stored(name, in: db)
                let last = numbers?.last ?? floor
                let lines = try (gone[name] ?? []).filter { line in
                    guard let id = numbers?.id, line.seq <= last else { return line.seq > last }
                    return try Row.fetchOne(
                        db.cachedStatement(
                            sql: "SELECT 1 FROM line WHERE room = ? AND seq = ? AND time <> ?"),
                        arguments: [id, line.seq, line.time]) != nil
                }
                return Room(name: name, last: last, lines: lines)
            }
        }
    }
}

extension ChangeTable {
    /// The rooms that have changes.
    func rooms() throws -> [RoomName] {
        try attempt { db in
            try Row.fetchAll(db, sql: "SELECT name FROM room")
                .compactMap { RoomName(StoredText.text($0, 0)) }
        }
    }

    /// The body of a change without these lines.
    private static func without(_ lost: [UInt64], _ action: String, _ body: String) -> String {
        let lost = Set(lost)
        switch action {
        case "delete":
            return body.split(separator: " ").filter { word in
                !(UInt64(word).map(lost.contains) ?? false)
            }.joined(separator: " ")
        case "purge", "ban", "timeout":
            let seqs = SeqRuns(body, limit: PurgeOrder.lineLimit)?.seqs ?? []
            return SeqRuns(seqs.filter { !lost.contains($0) }).text
        default: return body
        }
    }

    /// Takes lost numbers out of the changes that are told to members. The deleted lines are
    /// remembered: a backup may still have them.
    func settle(_ rooms: [LostNumbers.Room]) throws {
        try attempt { db in
            for room in rooms {
                guard let (id, _) = try Self.room(room.name, in: db) else { continue }
                try db.cachedStatement(
                    sql: "UPDATE change SET after = ?2 WHERE room = ?1 AND after > ?2"
                ).execute(arguments: [id, room.last])
                for (rev, lines) in Dictionary(grouping: room.lines, by: \.rev) {
                    let row = try Row.fetchOne(
                        db.cachedStatement(
                            sql: "SELECT action, body FROM change WHERE room = ? AND rev = ?"),
                        arguments: [id, rev])
                    guard let row else { continue }
                    let (action, body) = (StoredText.text(row, 0), StoredText.text(row, 1))
                    let left = Self.without(lines.map { UInt64($0.seq) }, action, body)
                    guard left != body else { continue }
                    try db.cachedStatement(
                        sql: "UPDATE change SET body = ? WHERE room = ? AND rev = ?"
                    ).execute(arguments: [left, id, rev])
                }
            }
        }
    }
}
