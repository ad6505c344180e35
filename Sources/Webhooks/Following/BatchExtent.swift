internal import Chat

/// What a request covers: where the webhook is once it has taken it. It has no text.
struct BatchExtent: Equatable {
    /// The last position of each room that it has something of, or has skipped something of.
    private(set) var ends: [RoomName: RoomCursor] = [:]
    /// These rooms in their order.
    private(set) var rooms: [RoomName] = []
    /// The position in the feed behind it.
    var feedEnd: UInt64 = 0
    /// Lines and changes that are given up with it.
    var givenUp: UInt64 = 0
    /// Its events.
    var count = 0

    /// It has all of a room up to this position.
    mutating func reached(_ cursor: RoomCursor, in room: RoomName) {
        if ends.updateValue(cursor, forKey: room) == nil { rooms.append(room) }
    }
}
