internal import Chat
internal import GRDB

/// Reads and writes the changes of rooms.
struct ChangeTable {
    let connection: DatabaseQueue
    /// The time in which a change can be undone, in milliseconds.
    var undoPeriod: Int64 = 600_000
    private let terms = KnownTerms()

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
                settings: try ChangeMaking.settings(of: id, in: db))
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
        let (id, change) = try attempt { db in
            let (id, rev) = try Self.next(request.room, in: db)
            var request = request
            let held = try Self.held(for: request, in: id, db)
            if !held.isEmpty {
                var evidence = request.evidence ?? ChangeRequest.Evidence()
                evidence.held = held
                request.evidence = evidence
            }
            let making = ChangeMaking(
                request: request, room: id, rev: rev, undoPeriod: undoPeriod, terms: terms,
                db: db)
            let made = try making.make(isKept: isKept)
            var change = RoomChange(
                rev: UInt64(rev), after: request.evidence?.last ?? 0, time: request.time,
                kind: made.kind, purged: made.purged)
            change.rejected = try making.decide(made.kind)
            try making.log(made, change)
            return (id, change)
        }
        if let state = change.terms { terms.keep(state.book, of: id) }
        return change
    }

    // MARK: Reading

    /// All bans and timeouts in force. Those that are over are forgotten.
    func bans(at time: Timestamp) throws -> [OrdererOpening.StoredBan] {
        try attempt { try BanRows.all(at: time, in: $0) }
    }

    /// The terms of all rooms that have any.
    func allTerms() throws -> [OrdererOpening.StoredTerms] {
        try attempt { try terms.all(in: $0) }
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
            return ModerationSnapshot(
                rooms: rooms, bans: try BanRows.all(at: time, in: db), terms: try terms.all(in: db))
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
            case .terms(let after, let limit):
                let found = try TermRows.terms(of: id, after: after, atMost: limit + 1, in: db)
                return Report(found.map { EventWriter.entry($0) }, atMost: limit)
            case .log(let before, let limit):
                return Report(
                    try Self.log(of: id, before: before, atMost: limit + 1, in: db),
                    atMost: limit)
            }
        }
    }

    private static func log(
        of room: Int64, before rev: UInt64, atMost limit: Int, in db: Database
    ) throws -> [String] {
        try Row.fetchAll(
            db.cachedStatement(
                sql: """
                    SELECT rev, time, author, action, note, undone FROM change
                    WHERE room = ? AND rev < ? ORDER BY rev DESC LIMIT ?
                    """),
            arguments: [room, Int64(clamping: rev), limit]
        ).map { row in
            LogText.entry(
                rev: UInt64(clamping: StoredNumber.value(row, 0, in: StoredNumber.seqs) ?? 0),
                time: StoredNumber.time(row, 1), by: StoredText.text(row, 2),
                action: StoredText.text(row, 3), note: StoredText.text(row, 4),
                undone: StoredNumber.value(row, 5, in: StoredNumber.seqs).map { UInt64($0) })
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

    static func change(_ row: Row) -> RoomChange? {
        guard let rev = StoredNumber.value(row, 0, in: StoredNumber.seqs),
            let after = StoredNumber.value(row, 1, in: 0...StoredNumber.limit),
            let kind = kind(StoredText.text(row, 3), StoredText.text(row, 4))
        else { return nil }
        return RoomChange(
            rev: UInt64(rev), after: UInt64(after), time: StoredNumber.time(row, 2), kind: kind,
            purged: purged(StoredText.text(row, 3), StoredText.text(row, 4)))
    }

    private static func kind(_ action: String, _ body: String) -> RoomChange.Kind? {
        switch action {
        case "delete": .deleted(seqs: body.split(separator: " ").compactMap { UInt64($0) })
        case "settings", "panic": RoomSettings(stored: body).map { .settings($0) }
        case "timeout", "ban", "unban", "terms", "approve", "reject": .past
        case "purge": .purged(user: nil)
        case "undo": restoration(body).map { .restored($0) }
        default: nil
        }
    }

    /// The lines that a purge has deleted.
    private static func purged(_ action: String, _ body: String) -> [UInt64] {
        guard ["purge", "ban", "timeout"].contains(action) else { return [] }
        return SeqRuns(body, limit: PurgeOrder.lineLimit)?.seqs ?? []
    }

    /// Reads the change that was undone and, behind it, the lines that are back or the settings.
    private static func restoration(_ body: String) -> Restoration? {
        let parts = body.split(separator: " ", maxSplits: 1)
        guard let first = parts.first, let rev = UInt64(first) else { return nil }
        var restored = Restoration(of: rev)
        let rest = parts.count > 1 ? String(parts[1]) : ""
        if rest.hasPrefix("{") {
            restored.settings = RoomSettings(stored: rest)
        } else {
            restored.seqs = SeqRuns(rest, limit: PurgeOrder.lineLimit)?.seqs ?? []
        }
        return restored
    }
}
