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

    /// Stores a change, if it may be made, and returns it. The request has the evidence. `isKept`
    /// says whether lines are stored, so that those that are deleted must be known later.
    func make(_ request: ChangeRequest, isKept: Bool) throws -> RoomChange {
        try attempt { db in
            let (id, rev) = try Self.next(request.room, in: db)
            let (kind, action, body) = try Self.made(request, of: id, rev, isKept, in: db)
            let last = request.evidence?.last ?? 0
            try Self.add(request, to: id, rev, after: last, action, body, in: db)
            return RoomChange(rev: UInt64(rev), after: last, time: request.time, kind: kind)
        }
    }

    private static func made(
        _ request: ChangeRequest, of room: Int64, _ rev: Int64, _ isKept: Bool, in db: Database
    ) throws -> (kind: RoomChange.Kind, action: String, body: String) {
        let lines = request.evidence?.lines ?? []
        let named = request.wanted.line.flatMap { seq in lines.first { $0.seq == seq } }
        switch request.wanted {
        case .delete(let seqs):
            let chosen = try Deletion.chosen(
                seqs, among: lines, by: request.author, at: request.time)
            for line in chosen where isKept {
                try db.cachedStatement(sql: "REPLACE INTO gone VALUES (?, ?, ?, ?)")
                    .execute(arguments: [room, Int64(line.seq), line.time.milliseconds, rev])
            }
            let gone = chosen.map(\.seq)
            return (
                .deleted(seqs: gone), "delete", gone.map { String($0) }.joined(separator: " ")
            )
        case .settings, .panic:
            guard request.author.moderates else { throw Refusal.notModerator }
            let before = try settings(of: room, in: db)
            let settings = before.after(request.wanted) ?? before
            try db.cachedStatement(sql: "UPDATE room SET settings = ? WHERE id = ?")
                .execute(arguments: [settings.stored, room])
            return (.settings(settings), "settings", settings.stored)
        case .ban(let order):
            let target = try order.target(
                line: named, from: request.evidence?.origin, by: request.author)
            let ban = Ban(order, rev: UInt64(rev), target, for: request)
            try BanRows.add(ban, to: room, in: db)
            return (.banned(ban), order.isTimeout ? "timeout" : "ban", "")
        case .unban(let order):
            let bans = try BanRows.bans(
                of: room, order.trait(line: named), at: request.time, in: db)
            let chosen = try order.chosen(among: bans, line: named, by: request.author)
            for ban in chosen { try BanRows.remove(ban, from: room, in: db) }
            return (.unbanned(chosen), "unban", "")
        }
    }

    // MARK: Reading

    /// All bans and timeouts in force. Those that are over are forgotten.
    func bans(at time: Timestamp) throws -> [OrdererOpening.StoredBan] {
        try attempt { try BanRows.all(at: time, in: $0) }
    }

    /// What all changes add up to.
    func snapshot(at time: Timestamp) throws -> ModerationSnapshot {
        try attempt { db in
            let rows = try Row.fetchAll(db, sql: "SELECT name, rev, settings FROM room")
            let rooms = rows.compactMap { row -> ModerationSnapshot.Room? in
                guard let name = RoomName(StoredText.text(row, 0)),
                    let rev = StoredNumber.value(row, 1, in: 0...StoredNumber.limit)
                else { return nil }
                return ModerationSnapshot.Room(
                    name: name, lastRev: UInt64(rev),
                    settings: RoomSettings(stored: StoredText.text(row, 2)) ?? RoomSettings())
            }
            return ModerationSnapshot(rooms: rooms, bans: try BanRows.all(at: time, in: db))
        }
    }

    func report(_ query: ReportQuery, of room: RoomName, at time: Timestamp) throws -> Report {
        try attempt { db in
            guard let (id, _) = try Self.room(room, in: db) else {
                return Report(entries: [], hasMore: false)
            }
            switch query {
            case .bans(let after, let limit):
                let bans = try BanRows.bans(
                    of: id, after: after, atMost: limit + 1, at: time, in: db)
                return Report(bans.map { EventWriter.entry($0) }, atMost: limit)
            }
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
        } catch let refusal as Refusal {
            throw refusal
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
        case "timeout", "ban", "unban": .past
        default: nil
        }
    }
}
