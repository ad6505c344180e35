internal import Chat

/// Rooms that the server follows, and reads.
extension ShardFollower {
    /// Whether the shard can't be asked, and will not be soon.
    private var isCutOff: Bool { link.isFailing && link.phase != .open }

    mutating func read(_ read: PendingRead) {
        if link.phase == .open {
            calls.ask(.read(read.room, from: read.from, through: read.through))
        } else if isCutOff {
            replies.append(.readFailed(read.room, from: read.from))
        } else {
            reads.append(read)
        }
    }

    // MARK: Following

    /// What is known of a room is told again without asking the shard.
    mutating func follow(_ room: RoomName, at now: UInt64) {
        guard rooms[room] == nil else { return tellState(of: room) }
        guard !isCutOff else { return replies.append(.followFailed(room)) }
        rooms.add(room)
        changes.followed(room)
        presence.follow(room)
        if link.phase == .open { subscribe(room, at: now) }
    }

    mutating func unfollow(_ room: RoomName) {
        guard let followed = rooms.remove(room) else { return }
        changes.unfollowed(room)
        if followed.subscription != .none { calls.unsubscribe(room) }
        sendLines(of: room)
    }

    /// The state of a room can't be had.
    mutating func failFollowing(_ room: RoomName) {
        let isKnown = rooms[room]?.known != nil
        unfollow(room)
        // The server asks again in either case.
        replies.append(isKnown ? .lagging(room) : .followFailed(room))
    }

    mutating func subscribe(_ room: RoomName, at now: UInt64) {
        switch rooms[room]?.subscription {
        case FollowedRoom.Subscription.none?:
            rooms.subscribing(room, at: now)
            calls.subscribe(room)
        case .active: if rooms[room]?.canOpen == true { open(room) }
        case .asked, nil: break
        }
    }

    mutating func subscribed(_ room: RoomName, at now: UInt64) {
        rooms.subscribed(room, at: now)
        guard link.phase == .open else { return }
        if rooms[room]?.canOpen == true { open(room) }
        if rooms.takeCheck() { beat(at: now) }
    }

    mutating func open(_ room: RoomName) {
        counts.openings += 1
        rooms.update(room) { $0.opening() }
        withPresence { $0.subscribed(room) }
        calls.ask(.open(room))
        sendLines(of: room)
    }

    mutating func opened(_ room: RoomName, _ reply: ShardReply, at now: UInt64) {
        guard rooms[room]?.isOpening == true else { return }
        guard case .opened(let snapshot) = reply else { return failFollowing(room) }
        guard snapshot.epoch == link.epoch else {
            rooms.update(room) { $0.failedToOpen() }
            return askEpoch(at: now)
        }
        rooms.update(room) { $0.opened(snapshot) }
        guard rooms[room]?.known != nil else { return }
        tellState(of: room)
        changes.opened(room, snapshot)
        replies += changes.takeReplies()
        deliver(in: room) { $0.takeEarly(into: &$1) }
        settleWait(for: room)
    }

    /// The server gets the state of a room that it follows as the shard has it. However often it
    /// asks meanwhile, the shard is asked twice. If the node is cut off, what is known is told.
    mutating func catchUp(_ room: RoomName, at now: UInt64) {
        guard rooms[room]?.known != nil, !isCutOff else { return follow(room, at: now) }
        askState(of: room)
    }

    /// The server waits for the state of a room that is known. Without a connection, the next one
    /// is awaited.
    mutating func askState(of room: RoomName) {
        if rooms.update(room, { $0.awaited() }) == true { bring(.entries, of: room) }
    }

    /// The server learns what is known of a room.
    mutating func tellState(of room: RoomName) {
        guard let known = rooms[room]?.known else { return }
        replies.append(.following(room, state(of: room, known)))
    }

    /// The server learns the state that it waits for, if that has arrived.
    private mutating func settleWait(for room: RoomName) {
        guard let (isAnswer, asksAgain) = rooms.update(room, { $0.takeWait() }) else { return }
        if isAnswer { tellState(of: room) }
        if asksAgain { bring(.entries, of: room) }
    }

    // MARK: Entries

    mutating func published(_ publication: Publication, in room: RoomName, at now: UInt64) {
        rooms.heard()
        guard rooms[room] != nil else { return }
        guard publication.epoch == link.epoch else { return askEpoch(at: now) }
        let need = deliver(in: room) { $0.received(publication, into: &$1) }
        if need != .nothing { counts.repairs += 1 }
    }

    mutating func caughtUp(_ room: RoomName, _ reply: ShardReply, at now: UInt64) {
        guard rooms[room]?.isCatchingUp == true else { return }
        guard case .caughtUp(let epoch, let entries) = reply, epoch == link.epoch else {
            rooms.update(room) { $0.failedToCatchUp() }
            settleWait(for: room)
            return askEpoch(at: now)
        }
        deliver(in: room) { room, told in
            guard let entries else {
                room.failedToCatchUp()
                return .state
            }
            return room.caughtUp(entries, into: &told)
        }
        settleWait(for: room)
    }

    /// Old lines of a room are gone. A room that isn't known learns that when it is opened.
    mutating func pruned(_ room: RoomName, oldest: UInt64) {
        rooms.heard()
        guard rooms.update(room, { $0.pruned(oldest) }) == true else { return }
        replies.append(.pruned(room, oldest: oldest))
    }

    /// Has the shard delete lines, if it is time.
    mutating func trim(at now: UInt64) {
        guard link.phase == .open, trimming.deadline <= now else { return }
        trimming.begin()
        calls.ask(.trim(run))
    }

    mutating func trimmed(_ reply: ShardReply, at now: UInt64) {
        guard case .trimmed(let entries, let pause) = reply else {
            return trimming.ended(nil, at: now)
        }
        trimming.ended((entries: entries, pause: pause), at: now)
        counts.prunedEntries += entries
    }

    /// Tells the server the entries that are next, and asks for what is missing.
    @discardableResult
    private mutating func deliver(
        in room: RoomName, _ body: (inout FollowedRoom, inout [RoomEntry]) -> FollowedRoom.Need
    ) -> FollowedRoom.Need {
        var entries: [RoomEntry] = []
        let need = rooms.update(room) { body(&$0, &entries) } ?? .nothing
        if !entries.isEmpty {
            replies.append(.entries(room, changes.streamed(entries, of: room)))
        }
        bring(need, of: room)
        return need
    }

    /// Asks for what is missing in a room. Without a connection, the first beat on the next one
    /// finds it.
    mutating func bring(_ need: FollowedRoom.Need, of room: RoomName) {
        switch need {
        case .nothing: break
        case .entries:
            guard link.phase == .open, let position = rooms[room]?.known?.position else { return }
            rooms.update(room) { $0.catchingUp() }
            calls.ask(.catchUp(room, after: position))
        case .state:
            rooms.update(room) { $0.lostTrack() }
            if link.phase == .open, rooms[room]?.canOpen == true { open(room) }
        }
    }
}
