internal import Chat

/// The changes that the server wants, by their rooms. Those of one room are made one by one, in
/// order.
struct Proposals {
    private var rooms: [RoomName: [Proposal]] = [:]

    /// The rooms that have any.
    var names: [RoomName] { Array(rooms.keys) }

    /// Adds a change. Returns whether it is its room's first, and so is to be begun.
    mutating func add(_ request: ChangeRequest) -> Bool {
        rooms[request.room, default: []].append(Proposal(request))
        return rooms[request.room]?.count == 1
    }

    /// The change that is being made in a room.
    func first(in room: RoomName) -> Proposal? { rooms[room]?.first }

    /// Something has happened to the change that is being made in a room.
    mutating func step(
        in room: RoomName, _ event: (inout Proposal) -> Proposal.Step
    ) -> Proposal.Step {
        guard rooms[room]?.isEmpty == false else { return .stands }
        return event(&rooms[room, default: []][0])
    }

    /// The change that was being made in a room is over. Returns whether there is another one.
    mutating func removeFirst(in room: RoomName) -> Bool {
        guard rooms[room]?.isEmpty == false else { return false }
        rooms[room]?.removeFirst()
        if rooms[room]?.isEmpty ?? true { rooms[room] = nil }
        return rooms[room] != nil
    }

    /// The shard can't be reached. Returns the changes that were certainly not made, and forgets
    /// them.
    mutating func gaveUp() -> [UInt64] {
        var failed: [UInt64] = []
        for (room, proposals) in rooms {
            let doubtful = proposals.filter(\.isDoubtful)
            failed += proposals.filter { !$0.isDoubtful }.map(\.request.id)
            rooms[room] = doubtful.isEmpty ? nil : doubtful
        }
        return failed.sorted()
    }
}
