internal import Chat

/// The positions of a room that a node was told of and hasn't reached, each with the time.
struct ToldHeads {
    private var heads: [(cursor: RoomCursor, time: UInt64)] = []

    mutating func heard(of cursor: RoomCursor, at now: UInt64) { heads.append((cursor, now)) }

    mutating func reached(_ cursor: RoomCursor) {
        heads.removeAll { ($0.cursor.seq, $0.cursor.rev) <= (cursor.seq, cursor.rev) }
    }

    /// When the node was told of the first one.
    var first: UInt64? { heads.first?.time }
}
