internal import Chat

/// What a node knows of a room's changes.
struct RoomReplica {
    /// As of the last news.
    var ledger: RoomLedger
    /// Whether the server gets the changes as entries of the room's stream. If it doesn't, it gets
    /// them from the news.
    private(set) var isFollowed = false
    /// The last change that has come in the stream, or was left out of it.
    private var streamed: UInt64 = 0
    /// Changes that are in the news and have yet to come in the stream.
    private var expected: [RoomChange] = []
    /// Changes that the server was told and that have yet to come in the news.
    private(set) var ahead: [RoomChange] = []

    /// The state of a room, which the server is told as a whole.
    init(_ ledger: RoomLedger) { self.ledger = ledger }

    /// Whether nothing is to be remembered.
    var isEmpty: Bool { ledger.rev == 0 && ahead.isEmpty && !isFollowed }

    /// Whether the server was told a change.
    func hasTold(_ rev: UInt64) -> Bool {
        if rev > ledger.rev { return ahead.contains { $0.rev == rev } }
        return !expected.contains { $0.rev == rev }
    }

    /// A change is in the news. Returns the changes that the server is told now.
    mutating func heard(_ change: RoomChange) -> [RoomChange] {
        guard change.rev > ledger.rev else { return [] }
        ledger.apply(change)
        if let place = ahead.firstIndex(where: { $0.rev == change.rev }) {
            ahead.remove(at: place)
            return []
        }
        guard isFollowed, change.rev > streamed else { return [change] }
        expected.append(change)
        return []
    }

    /// Changes have come in the stream, and are told now.
    mutating func streamed(_ changes: [RoomChange]) {
        for change in changes { told(change) }
        passed(changes.last?.rev ?? 0)
    }

    private mutating func told(_ change: RoomChange) {
        if change.rev > ledger.rev, !hasTold(change.rev) { ahead.append(change) }
    }

    private mutating func passed(_ rev: UInt64) {
        streamed = max(streamed, rev)
        expected.removeAll { $0.rev <= streamed }
    }

    /// The server follows the room from now on. ``opened(_:)`` comes with its state.
    mutating func followed() { isFollowed = true }

    /// The state of the room has come, and its stream goes on behind it. Returns the changes in it
    /// that the server hasn't been told: for people, their words and lines that wait, a state is
    /// not enough. Those that the state doesn't list any more are told when they are in the news.
    mutating func opened(_ snapshot: RoomSnapshot) -> [RoomChange] {
        let missing = expected.filter { change in
            change.rev <= snapshot.lastRev && !snapshot.changes.contains { $0.rev == change.rev }
        }
        let new = missing + snapshot.changes.filter { !hasTold($0.rev) }
        for change in snapshot.changes { told(change) }
        passed(snapshot.lastRev)
        return new.sorted { $0.rev < $1.rev }
    }

    /// The server doesn't follow the room any more. Returns the changes that the stream would have
    /// told.
    mutating func unfollowed() -> [RoomChange] {
        isFollowed = false
        defer { expected = [] }
        return expected
    }

    /// The state of the room is read anew, in the same epoch: what the server was told of its
    /// stream stays told.
    mutating func reread(_ ledger: RoomLedger) {
        self.ledger = ledger
        expected = []
        ahead.removeAll { $0.rev <= ledger.rev }
    }

    /// The numbers of changes have another meaning now.
    mutating func epochEnded() { (streamed, ahead) = (0, []) }
}
