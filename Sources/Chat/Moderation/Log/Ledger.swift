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
        var state: RoomLedger
        /// The numbers of changes with a key.
        var keys: [Key: (rev: UInt64, digest: UInt64)] = [:]
        /// The last changes.
        var log: [LedgerEntry] = []
    }

    private struct Key: Hashable {
        let user: ByteText
        let key: ByteText
    }

    /// The number of changes of a room that are known.
    package static let limit = 4_096

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
    public func lastRev(of room: RoomName) -> UInt64 { rooms[room]?.state.rev ?? 0 }

    public func settings(of room: RoomName) -> RoomSettings {
        rooms[room]?.state.settings ?? RoomSettings()
    }

    /// All bans, with their rooms.
    public var bans: [OrdererOpening.StoredBan] {
        rooms.flatMap { name, room in
            room.state.bans.map { OrdererOpening.StoredBan(room: name, $0) }
        }
    }

    /// All terms, with their rooms.
    public var terms: [OrdererOpening.StoredTerms] {
        rooms.compactMap { name, room in
            guard room.state.terms.count > 0 else { return nil }
            return OrdererOpening.StoredTerms(room: name, TermState(room.state.terms))
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
        var room = rooms[request.room] ?? Room(state: RoomLedger(noTerms: noTerms))
        var undone: Int?
        if case .undo(let rev) = request.wanted {
            undone = room.log.firstIndex { $0.change.rev == rev }
        }
        let entry = try room.state.make(
            request, undoing: undone.map { room.log[$0] }, undoPeriod: undoPeriod)
        room.state.apply(entry.change)
        if let undone { room.log[undone].undone = entry.change.rev }
        room.log.append(entry)
        if room.log.count > Self.limit { room.log.removeFirst() }
        if let key = Self.key(of: request) {
            if room.keys.count >= Self.limit { room.keys = [:] }
            room.keys[key] = (entry.change.rev, request.wanted.digest)
        }
        rooms[request.room] = room
        return .new(entry.change)
    }

    public func report(
        _ query: ReportQuery, of room: RoomName, at time: Timestamp
    ) -> Report {
        let found = rooms[room] ?? Room(state: RoomLedger(noTerms: noTerms))
        switch query {
        case .bans(let after, let limit):
            return found.state.report(bansAfter: after, limit: limit, at: time)
        case .log(let before, let limit):
            let entries = found.log.reversed().filter { $0.change.rev < before }
            return Report(entries.prefix(limit + 1).map(\.text), atMost: limit)
        case .terms(let after, let limit):
            return found.state.report(termsAfter: after, limit: limit)
        }
    }

    private static func key(of request: ChangeRequest) -> Key? {
        guard let key = request.key, let user = request.author.user else { return nil }
        return Key(user: ByteText(user), key: ByteText(key))
    }
}
