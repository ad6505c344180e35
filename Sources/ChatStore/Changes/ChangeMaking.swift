internal import Chat
internal import GRDB

/// Makes one change of a room within a transaction.
struct ChangeMaking {
    /// What has come of it.
    struct Made {
        let kind: RoomChange.Kind
        /// What is needed to tell it again.
        let body: String
        /// The lines that are deleted.
        var lines: [Line] = []
        /// The settings before, or what the change has done to terms.
        var before: String?

        /// The lines that a purge takes away, in order.
        var purged: [UInt64] {
            if case .deleted = kind { [] } else { lines.map(\.seq).sorted() }
        }
    }

    let request: ChangeRequest
    let room: Int64
    let rev: Int64
    let undoPeriod: Int64
    let terms: KnownTerms
    let db: Database

    /// Changes everything but the log. `isKept` says whether lines are stored. If they aren't, the
    /// texts of deleted ones are kept at once.
    func make(isKept: Bool) throws -> Made {
        let made = try made(isKept: isKept)
        let until = request.time.milliseconds + undoPeriod
        if isKept {
            try ErasingRows.add(made.lines, of: room, rev, until: until, in: db)
        } else if undoPeriod > 0 {
            try KeptRows.add(made.lines, of: room, rev, until: until, in: db)
        }
        return made
    }

    private func made(isKept: Bool) throws -> Made {
        let (author, now) = (request.author, request.time)
        let evidence = request.evidence ?? ChangeRequest.Evidence()
        let named = evidence.line(request.wanted.line)
        switch request.wanted {
        case .delete(let seqs):
            let chosen = try Deletion.chosen(seqs, among: evidence.lines, by: author, at: now)
            let gone = chosen.map(\.seq)
            return Made(
                kind: .deleted(seqs: gone), body: gone.map { String($0) }.joined(separator: " "),
                lines: chosen)
        case .purge(let order):
            let match = try LineMatch(
                order, line: named, from: evidence.origin, by: author, at: now)
            let chosen = evidence.lines(of: match)
            guard !chosen.isEmpty || evidence.held.contains(where: match.takes) else {
                throw Refusal.noSuchLine
            }
            return Made(
                kind: .purged(user: chosen.onlyUser), body: Self.runs(chosen), lines: chosen)
        case .settings, .panic:
            guard author.moderates else { throw Refusal.notModerator }
            let before = try Self.settings(of: room, in: db)
            let settings = before.after(request.wanted) ?? before
            try set(settings)
            return Made(
                kind: .settings(settings), body: settings.stored, before: before.stored)
        case .ban(let order):
            let target = try order.target(line: named, from: evidence.origin, by: author)
            let ban = Ban(order, rev: UInt64(rev), target, for: request)
            try BanRows.add(ban, to: room, in: db)
            let match = LineMatch(of: target, by: author)
            let lines = order.purges ? evidence.lines(of: match) : []
            return Made(kind: .banned(ban), body: Self.runs(lines), lines: lines)
        case .unban(let order):
            let bans = try BanRows.bans(
                of: room, order.trait(line: named), at: now, in: db)
            let chosen = try order.chosen(among: bans, line: named, by: author)
            for ban in chosen { try BanRows.remove(ban, from: room, in: db) }
            return Made(kind: .unbanned(chosen), body: "")
        case .approve(let id):
            return Made(kind: .approved(held: try request.decided(id).id), body: "")
        case .reject(let id):
            return Made(kind: .rejected(held: try request.decided(id).id), body: "")
        case .terms(let order):
            guard author.moderates else { throw Refusal.notModerator }
            let (state, edits) = try changeTerms(by: order)
            return Made(kind: .terms(state), body: "", before: edits.stored)
        case .undo(let other):
            guard !isKept else { return try undone(other, evidence.lines) }
            guard other > evidence.priorRev else { return try undone(other, []) }
            return try undone(
                other,
                KeptRows.lines(
                    of: room, Int64(clamping: other), after: 0, atMost: .max, in: db))
        }
    }

    private static func runs(_ lines: [Line]) -> String {
        SeqRuns(lines.map(\.seq).sorted()).text
    }

    /// The row of a change that is to be undone.
    static func undoneRow(_ room: Int64, _ rev: UInt64, in db: Database) throws -> Row? {
        try Row.fetchOne(
            db.cachedStatement(
                sql: """
                    SELECT action, time, rank, undone, body, before FROM change
                    WHERE room = ? AND rev = ?
                    """),
            arguments: [room, Int64(clamping: rev)])
    }

    static func undoneEntry(_ row: Row) -> Undo.Entry {
        Undo.Entry(
            action: StoredText.text(row, 0), time: StoredNumber.time(row, 1),
            rank: StoredNumber.value(row, 2, in: 0...Int64(UInt8.max)).flatMap {
                Badge(rawValue: UInt8($0))
            } ?? .owner,
            isUndone: StoredNumber.value(row, 3, in: StoredNumber.seqs) != nil)
    }

    private func undone(_ other: UInt64, _ lines: [Line]) throws -> Made {
        let row = try Self.undoneRow(room, other, in: db)
        try Undo.check(
            row.map(Self.undoneEntry), by: request.author, at: request.time, period: undoPeriod)
        var restored = Restoration(of: other)
        restored.add(lines)
        var body = "\(other) \(Self.runs(restored.lines))"
        restored.ban = try BanRows.bans(of: room, .rev(other), at: request.time, in: db).first
        if let ban = restored.ban { try BanRows.remove(ban, from: room, in: db) }
        if let row, let before = RoomSettings(stored: StoredText.text(row, 5)),
            let after = RoomSettings(stored: StoredText.text(row, 4))
        {
            let settings = try Self.settings(of: room, in: db)
                .undoing(from: before, to: after)
            try set(settings)
            restored.settings = settings
            body = "\(other) \(settings.stored)"
        }
        if let row, StoredText.text(row, 0) == "terms" {
            let order = TermsOrder(
                undoing: [TermEdit](stored: StoredText.text(row, 5)),
                in: try terms.book(of: room, in: db))
            restored.terms = try changeTerms(by: order).state
        }
        try db.cachedStatement(sql: "DELETE FROM gone WHERE room = ? AND rev = ?")
            .execute(arguments: [room, Int64(other)])
        try db.cachedStatement(sql: "UPDATE change SET undone = ? WHERE room = ? AND rev = ?")
            .execute(arguments: [rev, room, Int64(other)])
        return Made(kind: .restored(restored), body: body)
    }

    private func changeTerms(
        by order: TermsOrder
    ) throws -> (state: TermState, edits: [TermEdit]) {
        let book = try terms.book(of: room, in: db)
        let edits = order.edits(of: book)
        let state = TermState(try book.changed(by: order))
        try TermRows.change(edits, of: room, in: db)
        return (state, edits)
    }

    // MARK: The tables

    /// Changes the lines that wait. Returns those that are never said.
    func decide(_ kind: RoomChange.Kind) throws -> [UInt64] {
        if case .approved(let id) = kind { try HeldRows.approve(id, in: db) }
        let rejected = try request.rejected(by: kind).map(\.id)
        try HeldRows.remove(rejected, in: db)
        return rejected
    }

    /// Adds the change to the log.
    func log(_ made: Made, _ change: RoomChange) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO change (
                    room, rev, after, time, action, author, key, digest, body, rank, note, before
                ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            room, rev, Int64(change.after), request.time.milliseconds,
            LogText.action(of: request.wanted), StoredText.value(request.author.user ?? ""),
            request.key.map(StoredText.value) ?? .null,
            Int64(bitPattern: request.wanted.digest), made.body,
            Int64(request.author.rank.rawValue),
            LogText.note(
                on: change.kind, for: request.wanted, made.lines, held: try decided(change)),
            made.before,
        ])
    }

    /// The line that a moderator has decided about, or those that a change has rejected.
    private func decided(_ change: RoomChange) throws -> [HeldLine] {
        if let id = request.wanted.held { return [try request.decided(id)] }
        return request.evidence?.held.filter { change.rejected.contains($0.id) } ?? []
    }

    private func set(_ settings: RoomSettings) throws {
        try db.cachedStatement(sql: "UPDATE room SET settings = ? WHERE id = ?")
            .execute(arguments: [settings.stored, room])
    }

    static func settings(of room: Int64, in db: Database) throws -> RoomSettings {
        let row = try Row.fetchOne(
            db.cachedStatement(sql: "SELECT settings FROM room WHERE id = ?"), arguments: [room])
        return row.flatMap { RoomSettings(stored: StoredText.text($0, 0)) } ?? RoomSettings()
    }
}
