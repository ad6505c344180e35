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
        /// The numbers of changes with a key.
        var keys: [Key: (rev: UInt64, digest: UInt64)] = [:]
        var bans: [Ban] = []
    }

    private struct Key: Hashable {
        let user: ByteText
        let key: ByteText
    }

    /// The number of changes of a room with a key that are known.
    private static let keyLimit = 4_096

    private var rooms: [RoomName: Room] = [:]

    public init() {}

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
        let evidence = request.evidence ?? ChangeRequest.Evidence()
        var room = rooms[request.room] ?? Room()
        let rev = room.rev + 1
        let kind: RoomChange.Kind
        switch request.wanted {
        case .delete(let seqs):
            let chosen = try Deletion.chosen(
                seqs, among: evidence.lines, by: request.author, at: request.time)
            kind = .deleted(seqs: chosen.map(\.seq))
        case .settings, .panic:
            guard request.author.moderates else { throw .notModerator }
            room.settings = room.settings.after(request.wanted) ?? room.settings
            kind = .settings(room.settings)
        case .ban(let order):
            let target = try order.target(
                line: evidence.line(request.wanted.line), from: evidence.origin,
                by: request.author)
            let ban = Ban(order, rev: rev, target, for: request)
            room.bans.removeAll { $0.isOver(at: request.time) || $0.isReplaced(by: ban) }
            room.bans.append(ban)
            kind = .banned(ban)
        case .unban(let order):
            let chosen = try order.chosen(
                among: room.bans.filter { !$0.isOver(at: request.time) },
                line: evidence.line(request.wanted.line), by: request.author)
            room.bans.removeAll { chosen.contains($0) }
            kind = .unbanned(chosen)
        }
        room.rev = rev
        if let key = Self.key(of: request) {
            if room.keys.count >= Self.keyLimit { room.keys = [:] }
            room.keys[key] = (rev, request.wanted.digest)
        }
        rooms[request.room] = room
        return .new(
            RoomChange(rev: rev, after: evidence.last, time: request.time, kind: kind))
    }

    public func report(
        _ query: ReportQuery, of room: RoomName, at time: Timestamp
    ) -> Report {
        switch query {
        case .bans(let after, let limit):
            let bans = (rooms[room]?.bans ?? []).filter { $0.rev > after && !$0.isOver(at: time) }
            return Report(bans.prefix(limit + 1).map { EventWriter.entry($0) }, atMost: limit)
        }
    }

    private static func key(of request: ChangeRequest) -> Key? {
        guard let key = request.key, let user = request.author.user else { return nil }
        return Key(user: ByteText(user), key: ByteText(key))
    }
}

extension ChangeRequest.Evidence {
    /// The line with this number.
    func line(_ seq: UInt64?) -> Line? { seq.flatMap { seq in lines.first { $0.seq == seq } } }
}

extension Ban {
    /// Whether a later ban takes its place.
    func isReplaced(by other: Ban) -> Bool {
        isTimeout == other.isTimeout && target.entry == other.target.entry
    }
}
