internal import Chat
internal import GRDB

/// Reads and writes the changes of rooms.
struct ChangeTable {
    let connection: DatabaseQueue

    /// A room with its changes, for a snapshot.
    func complete(_ snapshot: RoomSnapshot, of room: RoomName) throws -> RoomSnapshot {
        try attempt { db in
            guard let (id, last) = try Self.room(room, in: db), last > 0 else { return snapshot }
            let rows = try Row.fetchAll(
                db.cachedStatement(
                    sql: """
                        SELECT rev, after, time, action, body FROM change WHERE room = ?
                        ORDER BY rev DESC LIMIT \(RoomSnapshot.changeLimit)
                        """),
                arguments: [id])
            var changes: [RoomChange] = []
            for row in rows {
                // Somebody may have edited the file. What is before a hole is of no use.
                guard let change = Self.change(row),
                    change.rev == (changes.last?.rev ?? UInt64(last) + 1) - 1
                else { break }
                changes.append(change)
            }
            return snapshot.with(
                lastRev: UInt64(last), changes: changes.reversed(),
                settings: try Self.settings(of: id, in: db))
        }
    }

    /// The number of a change that was made before. Nil if it is new.
    func known(_ request: ChangeRequest) throws -> Result<UInt64, Refusal>? {
        guard let key = request.key, let user = request.author.user else { return nil }
        return try attempt { db in
            guard let (id, _) = try Self.room(request.room, in: db),
                let row = try Row.fetchOne(
                    db.cachedStatement(
                        sql: """
                            SELECT rev, digest FROM change
                            WHERE room = ? AND author = ? AND key = ? ORDER BY rev DESC
                            """),
                    arguments: [id, StoredText.value(user), StoredText.value(key)]),
                let rev = StoredNumber.value(row, 0, in: StoredNumber.seqs)
            else { return nil }
            let digest = Int64(bitPattern: request.wanted.digest)
            return StoredNumber.value(row, 1, in: .min ... .max) == digest
                ? .success(UInt64(rev)) : .failure(.changeIDReused)
        }
    }

    /// Stores the deletion of lines. Returns the change. `last` is the number of the room's last
    /// line.
    func delete(
        _ lines: [Line], for request: ChangeRequest, after last: UInt64
    ) throws -> RoomChange {
        try attempt { db in
            let (id, rev) = try Self.next(request.room, in: db)
            let seqs = lines.map(\.seq)
            let body = seqs.map { String($0) }.joined(separator: " ")
            try Self.add(request, to: id, rev, after: last, "delete", body, in: db)
            for line in lines {
                try db.cachedStatement(sql: "REPLACE INTO gone VALUES (?, ?, ?, ?)")
                    .execute(arguments: [id, Int64(line.seq), line.time.milliseconds, rev])
            }
            return RoomChange(
                rev: UInt64(rev), after: last, time: request.time, kind: .deleted(seqs: seqs))
        }
    }

    /// Stores a change of settings. Returns the change.
    func set(_ request: ChangeRequest, after last: UInt64) throws -> RoomChange {
        try attempt { db in
            let (id, rev) = try Self.next(request.room, in: db)
            let before = try Self.settings(of: id, in: db)
            let settings = before.after(request.wanted) ?? before
            try Self.add(request, to: id, rev, after: last, "settings", settings.stored, in: db)
            try db.cachedStatement(sql: "UPDATE room SET settings = ? WHERE id = ?")
                .execute(arguments: [settings.stored, id])
            return RoomChange(
                rev: UInt64(rev), after: last, time: request.time, kind: .settings(settings))
        }
    }

    /// Gives a room its next number.
    private static func next(
        _ name: RoomName, in db: Database
    ) throws -> (id: Int64, rev: Int64) {
        try db.cachedStatement(
            sql: """
                INSERT INTO room (name, rev) VALUES (?, 1)
                ON CONFLICT (name) DO UPDATE SET rev = rev + 1
                """
        ).execute(arguments: [name.text])
        guard let room = try room(name, in: db) else {
            throw DatabaseError(message: "the room's row is gone")
        }
        return room
    }

    private static func add(
        _ request: ChangeRequest, to room: Int64, _ rev: Int64, after last: UInt64,
        _ action: String, _ body: String, in db: Database
    ) throws {
        try db.cachedStatement(sql: "INSERT INTO change VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
            .execute(arguments: [
                room, rev, Int64(last), request.time.milliseconds, action,
                StoredText.value(request.author.user ?? ""),
                request.key.map(StoredText.value) ?? .null,
                Int64(bitPattern: request.wanted.digest), body,
            ])
    }

    private static func settings(of room: Int64, in db: Database) throws -> RoomSettings {
        let row = try Row.fetchOne(
            db.cachedStatement(sql: "SELECT settings FROM room WHERE id = ?"), arguments: [room])
        return row.flatMap { RoomSettings(stored: StoredText.text($0, 0)) } ?? RoomSettings()
    }

    /// All deleted lines, by rooms.
    func gone() throws -> [RoomName: [Gone]] {
        try attempt { db in
            let rows = try Row.fetchCursor(
                db,
                sql: """
                    SELECT room.name, seq, time, gone.rev FROM gone
                    CROSS JOIN room ON room.id = gone.room
                    """)
            var gone: [RoomName: [Gone]] = [:]
            while let row = try rows.next() {
                guard let room = RoomName(StoredText.text(row, 0)),
                    let seq = StoredNumber.value(row, 1, in: StoredNumber.seqs),
                    let time = StoredNumber.value(row, 2, in: .min ... .max),
                    let rev = StoredNumber.value(row, 3, in: StoredNumber.seqs)
                else { continue }
                gone[room, default: []].append(Gone(seq: seq, time: time, rev: rev))
            }
            return gone
        }
    }

    /// A deleted line, and the change that deleted it.
    struct Gone {
        let seq: Int64
        let time: Int64
        let rev: Int64
    }

    /// Damage of this file is no reason to set the file of lines aside.
    func attempt<Result>(_ body: (Database) throws -> Result) throws -> Result {
        do {
            return try connection.write(body)
        } catch {
            let fault = Fault(error, path: connection.path)
            throw fault.kind == .corrupt ? Fault(.passing, fault.reason) : fault
        }
    }

    static func room(
        _ name: RoomName, in db: Database
    ) throws -> (id: Int64, rev: Int64)? {
        guard
            let row = try Row.fetchOne(
                db.cachedStatement(sql: "SELECT id, rev FROM room WHERE name = ?"),
                arguments: [name.text]),
            let id = StoredNumber.value(row, 0, in: .min ... .max),
            let rev = StoredNumber.value(row, 1, in: 0...StoredNumber.limit)
        else { return nil }
        return (id, rev)
    }

    private static func change(_ row: Row) -> RoomChange? {
        guard let rev = StoredNumber.value(row, 0, in: StoredNumber.seqs),
            let after = StoredNumber.value(row, 1, in: 0...StoredNumber.limit),
            let kind = kind(StoredText.text(row, 3), StoredText.text(row, 4))
        else { return nil }
        return RoomChange(
            rev: UInt64(rev), after: UInt64(after), time: StoredNumber.time(row, 2), kind: kind)
    }

    private static func kind(_ action: String, _ body: String) -> RoomChange.Kind? {
        switch action {
        case "delete": .deleted(seqs: body.split(separator: " ").compactMap { UInt64($0) })
        case "settings": RoomSettings(stored: body).map { .settings($0) }
        default: nil
        }
    }
}
