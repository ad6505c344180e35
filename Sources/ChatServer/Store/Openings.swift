internal import Chat
internal import Reactor

/// Rooms whose state was requested from the orderer, and the commands that wait for it. A few rooms
/// are requested for commands at a time, so that no line waits in the orderer behind many of them.
/// The other commands wait here, in order.
struct Openings {
    /// The requested rooms, with the connections whose commands wait for them.
    private(set) var requested: [RoomName: [Token]] = [:]
    /// Commands whose rooms are yet to be requested, from `next` on.
    private var waiting: [(room: RoomName, token: Token)] = []
    private var next = 0

    /// The connections whose commands wait.
    var tokens: [Token] { requested.values.flatMap(\.self) + waiting[next...].map(\.token) }

    /// A room with members needs its state. Returns whether it must be requested now.
    mutating func needs(_ room: RoomName) -> Bool {
        guard requested[room] == nil else { return false }
        requested[room] = []
        return true
    }

    /// A command waits for a room. Returns whether its state must be requested now.
    mutating func add(_ token: Token, for room: RoomName) -> Bool {
        if requested[room] != nil {
            requested[room]?.append(token)
            return false
        }
        guard requested.count < Limits.openingsAtOnce else {
            waiting.append((room, token))
            return false
        }
        requested[room] = [token]
        return true
    }

    /// A room's state has arrived. Takes the connections that waited for it.
    mutating func take(_ room: RoomName) -> [Token] { requested.removeValue(forKey: room) ?? [] }

    /// The next command that may request its room, or nil.
    mutating func takeNext() -> (room: RoomName, token: Token)? {
        guard next < waiting.count, requested.count < Limits.openingsAtOnce else { return nil }
        defer {
            next += 1
            if next == waiting.count {
                (waiting, next) = ([], 0)
            } else if next == Limits.openingsAtOnce * 64 {
                waiting.removeFirst(next)
                next = 0
            }
        }
        return waiting[next]
    }
}
