internal import Chat

/// Members of rooms, on their way to the shard and from it. See ``ShardPresence``.
extension ShardFollower {
    /// Does something with the presence of members, and what comes of it.
    mutating func withPresence(_ body: (inout ShardPresence) -> Void) {
        body(&presence)
        for command in presence.takeCommands() { calls.ask(.presence(command)) }
        replies += presence.takeReplies()
    }

    mutating func answered(
        _ command: PresenceCommand, _ reply: ShardReply, at now: UInt64
    ) {
        var answer: PresenceReply?
        if case .presence(let reply) = reply { answer = reply }
        withPresence { $0.answered(command, answer, at: now) }
    }

    /// The state of a room, for the server.
    func state(of room: RoomName, _ known: KnownRoom) -> RoomSnapshot {
        known.snapshot.with(elsewhere: presence.elsewhere(of: room))
    }
}
