/// The changes of rooms, as one that keeps them in memory orders them. The store does the same with
/// a file.
public struct Ledger: Sendable {
    /// The outcome of a request.
    public enum Outcome: Equatable, Sendable {
        case new(RoomChange)
        /// The change was made before, under this number.
        case known(rev: UInt64)
    }

    private struct Room {
        var rev: UInt64 = 0
        var settings = RoomSettings()
        var terms: any TermBook
        /// The numbers of changes with a key.
        var keys: [Key: (rev: UInt64, digest: UInt64)] = [:]
        var bans: [Ban] = []
        /// The last changes.
        var log: [LedgerEntry] = []
    }

    private struct Key: Hashable {
        let user: ByteText
        let key: ByteText
    }

    /// The number of changes of a room that are known.
    private static let limit = 4_096

    /// The time in which a change can be undone, in milliseconds.
    private let undoPeriod: Int64
    private var rooms: [RoomName: Room] = [:]
    /// What a room without terms has.
    private let noTerms: any TermBook

    public init(undoPeriod: Int64? = nil, noTerms: any TermBook = NoTerms()) {
        self.noTerms = noTerms
        self.undoPeriod = undoPeriod ?? Undo.standardPeriod
    }

    /// The number of a room's last change.
    public func lastRev(of room: RoomName) -> UInt64 { rooms[room]?.rev ?? 0 }

    public func settings(of room: RoomName) -> RoomSettings {
        rooms[room]?.settings ?? RoomSettings()
    }

    /// All bans, with their rooms.
    public var bans: [OrdererOpening.StoredBan] {
        rooms.flatMap { name, room in
            room.bans.map { OrdererOpening.StoredBan(room: name, $0) }
        }
    }

    /// All terms, with their rooms.
    public var terms: [OrdererOpening.StoredTerms] {
        rooms.compactMap { name, room in
            guard room.terms.count > 0 else { return nil }
            return OrdererOpening.StoredTerms(room: name, TermState(room.terms))
        }
    }

    /// Whether a request was made before. Throws if its key belongs to another one.
    public func known(_ request: ChangeRequest) throws(Refusal) -> UInt64? {
        guard let key = Self.key(of: request), let known = rooms[request.room]?.keys[key] else {
            return nil
        }
        guard known.digest == request.wanted.digest else { throw .changeIDReused }
        return known.rev
    }

    /// Makes a change, if it may be made. The request has the evidence.
    public mutating func make(_ request: ChangeRequest) throws(Refusal) -> Outcome {
        if let rev = try known(request) { return .known(rev: rev) }
        var room = rooms[request.room] ?? Room(terms: noTerms)
        let rev = room.rev + 1
        let (before, terms) = (room.settings, room.terms)
        let (kind, lines) = try change(&room, as: request, rev)
        let rejected = try request.rejected(by: kind)
        room.rev = rev
        let evidence = request.evidence
        let purges = if case .deleted = kind { false } else { true }
        var change = RoomChange(
            rev: rev, after: evidence?.last ?? 0, time: request.time, kind: kind,
            purged: purges ? lines.map(\.seq).sorted() : [])
        change.rejected = rejected.map(\.id)
        var held = rejected
        if let id = request.wanted.held { held = [try request.decided(id)] }
        var edits: [TermEdit] = []
        if case .terms(let order) = request.wanted { edits = order.edits(of: terms) }
        room.log.append(
            LedgerEntry(change, request, lines: lines, held: held, before: before, edits))
        if room.log.count > Self.limit { room.log.removeFirst() }
        if let key = Self.key(of: request) {
            if room.keys.count >= Self.limit { room.keys = [:] }
            room.keys[key] = (rev, request.wanted.digest)
        }
        rooms[request.room] = room
        return .new(change)
    }

    /// Changes a room. Returns the lines that are deleted.
    private func change(
        _ room: inout Room, as request: ChangeRequest, _ rev: UInt64
    ) throws(Refusal) -> (RoomChange.Kind, [Line]) {
        let evidence = request.evidence ?? ChangeRequest.Evidence()
        let (author, now) = (request.author, request.time)
        let named = evidence.line(request.wanted.line)
        switch request.wanted {
        case .delete(let seqs):
            let chosen = try Deletion.chosen(seqs, among: evidence.lines, by: author, at: now)
            return (.deleted(seqs: chosen.map(\.seq)), chosen)
        case .purge(let order):
            let match = try LineMatch(
                order, line: named, from: evidence.origin, by: author, at: now)
            let chosen = evidence.lines(of: match)
            guard !chosen.isEmpty || evidence.held.contains(where: match.takes) else {
                throw .noSuchLine
            }
            return (.purged(user: chosen.onlyUser), chosen)
        case .settings, .panic:
            guard author.moderates else { throw .notModerator }
            room.settings = room.settings.after(request.wanted) ?? room.settings
            return (.settings(room.settings), [])
        case .ban(let order):
            let target = try order.target(line: named, from: evidence.origin, by: author)
            let ban = Ban(order, rev: rev, target, for: request)
            room.bans.removeAll { $0.isOver(at: now) || $0.isReplaced(by: ban) }
            room.bans.append(ban)
            let match = LineMatch(of: target, by: author)
            return (.banned(ban), order.purges ? evidence.lines(of: match) : [])
        case .unban(let order):
            let bans = room.bans.filter { !$0.isOver(at: now) }
            let chosen = try order.chosen(among: bans, line: named, by: author)
            room.bans.removeAll { chosen.contains($0) }
            return (.unbanned(chosen), [])
        case .approve(let id): return (.approved(held: try request.decided(id).id), [])
        case .reject(let id): return (.rejected(held: try request.decided(id).id), [])
        case .terms(let order):
            guard author.moderates else { throw .notModerator }
            room.terms = try room.terms.changed(by: order)
            return (.terms(TermState(room.terms)), [])
        case .undo(let other):
            let place = room.log.firstIndex { $0.change.rev == other }
            let entry = place.map { room.log[$0] }
            try Undo.check(entry?.forUndo, by: author, at: now, period: undoPeriod)
            guard let place, let entry else { throw .nothingToUndo }
            room.log[place].undone = rev
            var restored = Restoration(of: other)
            restored.add(entry.lines)
            if case .banned(let ban) = entry.change.kind, room.bans.contains(ban) {
                restored.ban = ban
                room.bans.removeAll { $0 == ban }
            }
            if case .settings(let new) = entry.change.kind {
                room.settings = room.settings.undoing(from: entry.before, to: new)
                restored.settings = room.settings
            }
            if !entry.edits.isEmpty {
                room.terms = try room.terms.changed(
                    by: TermsOrder(undoing: entry.edits, in: room.terms))
                restored.terms = TermState(room.terms)
            }
            return (.restored(restored), [])
        }
    }

    public func report(
        _ query: ReportQuery, of room: RoomName, at time: Timestamp
    ) -> Report {
        let found = rooms[room] ?? Room(terms: noTerms)
        switch query {
        case .bans(let after, let limit):
            let bans = found.bans.filter { $0.rev > after && !$0.isOver(at: time) }
            return Report(bans.prefix(limit + 1).map { EventWriter.entry($0) }, atMost: limit)
        case .log(let before, let limit):
            let entries = found.log.reversed().filter { $0.change.rev < before }
            return Report(entries.prefix(limit + 1).map(\.text), atMost: limit)
        case .terms(let after, let limit):
            let terms = found.terms.terms.drop { !after.precedes($0.text) }
            return Report(terms.prefix(limit + 1).map { EventWriter.entry($0) }, atMost: limit)
        }
    }

    private static func key(of request: ChangeRequest) -> Key? {
        guard let key = request.key, let user = request.author.user else { return nil }
        return Key(user: ByteText(user), key: ByteText(key))
    }
}
