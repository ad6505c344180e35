internal import Chat
internal import Reactor

/// Changes on their way to the orderer, and the connections that wait for the outcome.
struct ChangeQueue {
    /// Changes that may be on their way at once.
    static let limit = 1_024
    private var waiting: [UInt64: (asker: Token, request: ChangeRequest)] = [:]
    private var early: [RoomName: [(id: UInt64, answer: ChangeAnswer)]] = [:]
    private(set) var nextID: UInt64 = 0
    /// The last ban, and the number of connections that it has met.
    private(set) var met: (room: RoomName, rev: UInt64, connections: Int)?

    var cuts = CutQueue()
    var holds = HoldQueue()

    var count: Int { waiting.count }

    /// A change is on its way. Its id must be ``nextID``.
    mutating func append(_ request: ChangeRequest, from asker: Token) {
        nextID += 1
        waiting[request.id] = (asker, request)
    }

    /// The room of the change with this id.
    func room(of id: UInt64) -> RoomName? { waiting[id]?.request.room }

    /// A change is stored, but has yet to reach its room here. Its answer waits for that.
    mutating func cameEarly(_ id: UInt64, _ answer: ChangeAnswer, in room: RoomName) {
        early[room, default: []].append((id, answer))
    }

    /// Takes the answers that have waited for a room.
    mutating func takeEarly(in room: RoomName) -> [(id: UInt64, answer: ChangeAnswer)] {
        early.isEmpty ? [] : early.removeValue(forKey: room) ?? []
    }

    /// Takes the change with this id, and who waits for it. Nil if none is on its way.
    mutating func take(_ id: UInt64) -> (asker: Token, request: ChangeRequest)? {
        waiting.removeValue(forKey: id)
    }

    /// A ban has taken effect.
    mutating func met(_ connections: Int, in room: RoomName, rev: UInt64) {
        met = (room, rev, connections)
    }

    /// The number of connections that a ban has met.
    func connectionsMet(in room: RoomName, rev: UInt64) -> Int? {
        guard let met, met.room == room, met.rev == rev else { return nil }
        return met.connections
    }
}
