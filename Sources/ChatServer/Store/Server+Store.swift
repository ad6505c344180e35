internal import Chat
internal import Logging
internal import Reactor

/// What the orderer says, and what goes to it: see ``History``.
extension Server where Net: ~Copyable {
    /// What a sender is told when its line can't be stored.
    static var storeUnavailable: Refusal { .storeUnavailable(retryAfter: Limits.storeRetry) }

    /// Whether a line may be accepted now: not where it could not be kept.
    // Inlined, because a call that changes nothing is given a copy of the server.
    @inline(__always)
    func checkStore() throws(Refusal) {
        guard !history.takesLines else { return }
        throw Self.storeUnavailable
    }

    /// Whether the server is ready for clients, as far as the store is concerned. A store that is
    /// about to open is: lines wait for it.
    var isStoreReady: Bool { history.phase != .failing }

    /// The orderer has woken us: takes all that it has to say.
    mutating func takeReplies() {
        guard !history.isInPlace else { return }
        let replies = history.takeReplies()
        for reply in replies { received(reply) }
        history.giveBack(replies)
    }

    private mutating func received(_ reply: OrdererReply) {
        switch reply {
        case .ready(let opening):
            history.recovered()
            hub.remember(opening.sends)
            // What was told of rooms before may be of another epoch.
            for room in hub.roomNames { history.followAgain(room) }
        case .failing(let reason):
            history.failed()
            counts.storeFailures += 1
            log.error(
                "History can't be written: senders are told to try again",
                metadata: ["reason": "\(reason)"])
        case .recovered:
            history.recovered()
            log.notice("History can be written again")
        case .answered(let answers): answered(answers)
        case .following(let room, let snapshot): opened(room, snapshot)
        case .followFailed(let room): opened(room, nil)
        case .entries(let room, let entries): received(entries, of: room)
        case .lagging(let room): followAgain(room)
        case .read(let room, let from, let page):
            receivedPage(History.ReadKey(room: room, from: from), page)
        case .readFailed(let room, let from):
            receivedPage(History.ReadKey(room: room, from: from), nil)
        case .pruned(let room, let oldest): hub.pruned(room, oldest: oldest)
        }
    }

    /// A group was answered: its senders are told what became of their lines. Nothing is delivered
    /// here.
    private mutating func answered(_ answers: [SubmissionAnswer]) {
        let group = history.commits.takeGroup()
        precondition(group.count == answers.count, "the orderer has answered other lines")
        var unknown: [Int] = []
        for place in answers.indices {
            switch answers[place] {
            case .ordered(let seq, let time):
                counts.linesStored += 1
                ordered(place, of: group, as: seq, at: time)
            case .already(let seq, let time): ordered(place, of: group, as: seq, at: time)
            case .otherText: refuse(place, of: group, .idReused)
            case .failed: refuse(place, of: group, Self.storeUnavailable)
            case .unknown: unknown.append(place)
            }
        }
        if !unknown.isEmpty { history.resubmit(unknown, of: group) }
    }

    /// A line has its number, and those who wait for it are told.
    private mutating func ordered(
        _ place: Int, of group: CommitQueue.Group, as seq: UInt64, at time: Timestamp
    ) {
        // Most lines have no key, and are in rooms that are followed.
        let key = group.submissions[place].draft.key
        guard key != nil || hub.asksForRooms else { return }
        hub.ordered(group.submissions[place].draft, as: seq)
        guard let key else { return }
        let room = group.submissions[place].draft.room
        group.askers[place].tell { token in
            guard connections.contains(token) else { return }
            acknowledge(token.index, key, room, seq, time)
        }
    }

    /// A line was never said, and those who wait for it are told why.
    private mutating func refuse(_ place: Int, of group: CommitQueue.Group, _ refusal: Refusal) {
        let draft = group.submissions[place].draft
        hub.failed(draft)
        group.askers[place].tell { token in
            guard connections.contains(token) else { return }
            refuse(token.index, refusal, id: draft.key)
        }
    }

    /// Entries of a room have come: they are delivered, whoever said them.
    private mutating func received(_ entries: [RoomEntry], of name: RoomName) {
        guard let room = hub.room(named: name) else { return }
        for entry in entries {
            let taking: Hub.Taking
            switch entry {
            case .line(let line):
                taking = hub.took(line: line.seq, in: room)
                if taking == .deliver {
                    publish(line.seq, in: room, at: line.time, line.username, line.message)
                }
            case .change(let change):
                taking = hub.took(change: change.rev, in: room)
                if taking == .deliver { apply(change, in: room) }
            }
            if taking == .follow { return followAgain(name) }
        }
    }

    /// What was said in a room has changed.
    private mutating func apply(_ change: RoomChange, in room: RoomID) {
        switch change.kind {
        case .deleted(let seqs): cut(seqs, from: room)
        }
    }

    /// The texts of deleted lines leave memory at once: the room's log, the rings of whoever has
    /// not got them yet, and what was read for others. Only a frame that is half sent goes on.
    private mutating func cut(_ seqs: [UInt64], from room: RoomID) {
        seal(room)
        let name = hub.name(of: room)
        let lines = LineCut(seqs, of: name, inflater: wire.inflater)
        let chunks = outbox.waitingLines(connections)
            .union(streams.chunks(of: room)).union(feeder.chunks)
        let replacements = outbox.cut(lines, from: chunks)
        streams.replace(replacements, in: room, pool: &outbox.pool)
        feeder.replace(replacements, pool: &outbox.pool)
        outbox.replace(replacements, cutting: lines, in: &connections)
        for chunk in replacements.values { outbox.pool.release(chunk) }
        connections.cutWaiting(Set(seqs), of: name)
    }

    /// Entries of a room were left out: its state is asked for again, and what members miss is
    /// read.
    private mutating func followAgain(_ name: RoomName) {
        if hub.lagging(name) != nil { history.followAgain(name) }
    }

    /// The orderer has told the state of a room, or can't; nil.
    private mutating func opened(_ name: RoomName, _ snapshot: RoomSnapshot?) {
        let waiting = history.takeOpening(of: name)
        if hub.room(named: name) != nil {
            if let snapshot {
                follow(name, snapshot)
            } else {
                history.failedToFollow(name, at: clock.coarse)
            }
        }
        for token in waiting { finishJoin(token, name, snapshot) }
        // Whoever waited for it has gone, or was refused.
        if snapshot != nil, hub.room(named: name) == nil { history.unfollow(name) }
    }

    /// Takes over the state of a room. Members that miss lines are fed.
    mutating func follow(_ name: RoomName, _ snapshot: RoomSnapshot) {
        if let room = hub.room(named: name) { seal(room) }
        let (room, hasJumped) = hub.following(name, snapshot)
        streams.appeared(room)
        guard hasJumped else { return }
        streams[room].log.trim(to: 0, pool: &outbox.pool)
        for seat in hub.seats(of: room) where hub.isBehind(seat.membership) {
            feeder.schedule(seat.member.index, in: &connections)
        }
    }

    /// Rooms that could not be followed are tried again.
    mutating func followUnfollowed() {
        for name in history.takeUnfollowed(at: clock.coarse)
        where hub.room(named: name) != nil {
            history.follow(name)
        }
    }

    /// A page has come for everybody who wanted it; some of them may be gone.
    private mutating func receivedPage(_ key: History.ReadKey, _ page: RoomPage?) {
        let readers = history.takeRead(key)
        if let page { hub.pruned(key.room, oldest: page.oldest) }
        var members: [Token] = []
        for reader in readers {
            switch reader {
            case .command(let token): answerHistory(token, page)
            case .member(let token): members.append(token)
            }
        }
        guard let room = hub.room(named: key.room), !members.isEmpty else { return }
        var batch: SealedBatch?
        if let page, !page.lines.isEmpty {
            batch = streams.encode(
                page.lines, covering: max(key.from, page.oldest)...page.through, of: room,
                named: key.room, clock: &clock, pool: &outbox.pool)
        }
        feeder.arrived(ArrivedPage(key: key, page: page, batch: batch, members: members))
    }

    /// Hands what was said in this tick to the orderer, and forgets what need not be known any
    /// more.
    @inline(__always)
    mutating func commitDrafts() {
        history.commit()
        hub.forgetSends(at: clock.wall, atMost: Limits.sendsForgottenAtOnce)
    }
}
