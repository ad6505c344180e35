internal import Chat

/// What a node knows of a room's changes.
struct RoomReplica {
    /// As of the last news.
    var ledger: RoomLedger
    /// The last change that the server was told.
    private(set) var told: UInt64
    /// Whether the server gets the changes as entries of the room's stream. If it doesn't, it gets
    /// them from the news.
    private(set) var isFollowed = false
    /// Changes that are in the news and have yet to come in the stream.
    private var expected: [RoomChange] = []

    /// The state of a room, which the server is told as a whole.
    init(_ ledger: RoomLedger) {
        self.ledger = ledger
        told = ledger.rev
    }

    /// Whether nothing is to be remembered.
    var isEmpty: Bool { ledger.rev == 0 && told == 0 && !isFollowed }

    /// A change is in the news. Returns the changes that the server is told now.
    mutating func heard(_ change: RoomChange) -> [RoomChange] {
        if change.rev > ledger.rev { ledger.apply(change) }
        guard change.rev > told else { return [] }
        guard !isFollowed else {
            expected.append(change)
            return []
        }
        told = change.rev
        return [change]
    }

    /// Changes up to this one have come in the stream.
    mutating func streamed(upTo rev: UInt64) {
        told = max(told, rev)
        expected.removeAll { $0.rev <= told }
    }

    /// The server follows the room from now on. ``opened(_:)`` comes with its state.
    mutating func followed() { isFollowed = true }

    /// The state of the room has come, and its stream goes on behind it. Returns the changes in it
    /// that the server hasn't been told: for people, their words and lines that wait, a state is
    /// not enough.
    mutating func opened(_ snapshot: RoomSnapshot) -> [RoomChange] {
        let missing = expected.filter { change in
            change.rev <= snapshot.lastRev && !snapshot.changes.contains { $0.rev == change.rev }
        }
        let new = (missing + snapshot.changes.filter { $0.rev > told }).sorted { $0.rev < $1.rev }
        streamed(upTo: snapshot.lastRev)
        return new
    }

    /// The server doesn't follow the room any more. Returns the changes that the stream would have
    /// told.
    mutating func unfollowed() -> [RoomChange] {
        isFollowed = false
        defer { expected = [] }
        told = max(told, expected.last?.rev ?? 0)
        return expected
    }
}
