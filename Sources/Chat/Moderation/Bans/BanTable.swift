/// The bans and timeouts in force, by rooms, for quick look-ups. A room has its table, and so has
/// the whole server.
public struct BanTable: Sendable {
    private var rooms: [RoomName: RoomBans] = [:]
    private var everywhere = RoomBans()

    public init() {}

    /// Whether there is none at all.
    @inlinable public var isEmpty: Bool { count == 0 }

    /// The number of entries, some of which may be over.
    public private(set) var count = 0

    /// A ban is in force. It takes the place of an earlier one with the same target.
    public mutating func add(_ ban: Ban, in room: RoomName) {
        change(room) { $0.add(ban) }
    }

    /// A ban has ended before its time.
    public mutating func remove(_ ban: Ban, in room: RoomName) {
        change(room) { $0.remove(ban) }
    }

    private mutating func change(_ room: RoomName, _ body: (inout RoomBans) -> Void) {
        if room == .everywhere {
            count -= everywhere.count
            body(&everywhere)
            count += everywhere.count
        } else {
            // In place: a copy of the table would be a copy of a million bans.
            var bans = rooms.removeValue(forKey: room) ?? RoomBans()
            count -= bans.count
            body(&bans)
            count += bans.count
            if bans.count > 0 { rooms[room] = bans }
        }
    }

    /// The refusal of somebody that is banned from a room. Nil if it may come in.
    public func ban(of visitor: Visitor, in room: RoomName, at time: Timestamp) -> Refusal? {
        if everywhere.count > 0, let ban = everywhere.ban(of: visitor, at: time) {
            return .banned(ban, at: time)
        }
        guard !rooms.isEmpty, let ban = rooms[room]?.ban(of: visitor, at: time) else { return nil }
        return .banned(ban, at: time)
    }

    /// Whether somebody may be timed out in a room.
    public func hasTimeouts(in room: RoomName) -> Bool {
        everywhere.lastTimeout != nil || !rooms.isEmpty && rooms[room]?.lastTimeout != nil
    }

    /// Forgets the timeouts that hold in a room if all of them are over.
    mutating func forgetTimeouts(in room: RoomName, at time: Timestamp) {
        if let last = everywhere.lastTimeout, last <= time {
            change(.everywhere) { $0.forgetTimeouts(at: time) }
        }
        if let last = rooms[room]?.lastTimeout, last <= time {
            change(room) { $0.forgetTimeouts(at: time) }
        }
    }

    /// The refusal of a line of somebody that is timed out.
    public func timeout(
        of visitor: Visitor, in room: RoomName, at time: Timestamp
    ) -> Refusal? {
        if let ban = everywhere.timeout(of: visitor, at: time) { return .timedOut(ban, at: time) }
        guard let ban = rooms[room]?.timeout(of: visitor, at: time) else { return nil }
        return .timedOut(ban, at: time)
    }
}
