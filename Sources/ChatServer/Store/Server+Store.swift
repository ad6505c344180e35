internal import Chat
internal import Logging
internal import Reactor

/// Replies of the orderer, and requests to it. See ``History``.
extension Server where Net: ~Copyable {
    /// The orderer has woken the server: takes all its replies.
    mutating func takeReplies() {
        if history.lineChecks.count > 0 { takeChecks() }
        guard history.keepsChanges else { return }
        let replies = history.takeReplies()
        received(replies)
        history.giveBack(replies)
    }

    private mutating func received(_ replies: [OrdererReply]) {
        for place in replies.indices {
            guard !history.isRemembering else { return history.delay(replies[place...]) }
            received(replies[place])
        }
    }

    /// Remembers keys from before the restart, as many as a tick has time for. Then the replies
    /// after them have their turn.
    mutating func rememberSends() {
        hub.remember(
            history.takeSends(atMost: Limits.sendsRememberedAtOnce), at: clock.now.milliseconds,
            time: clock.wall)
        if !history.isRemembering { received(history.takeDelayed()) }
    }

    private mutating func received(_ reply: OrdererReply) {
        switch reply {
        case .ready(let opening):
            if history.phase == .failing { log.notice("History can be written again") }
            let hasEnded = history.opened(with: opening)
            if hasEnded { hub.forgetStoredSends() }
            bansArrived(opening.bans)
            hub.replaceTerms(opening.terms)
            hub.held.replace(opening.held, at: clock.now.milliseconds, time: clock.wall)
            scheduleHeld()
            // Earlier states of rooms may be of another epoch.
            for room in hub.roomNames { history.followAgain(room) }
            // Clients are there already, and lines of this tick may be repetitions.
            if hasEnded, history.isRemembering { rememberSends() }
        case .failing(let reason):
            history.failed()
            counts.storeFailures += 1
            log.error(
                "History can't be written: senders are told to try again",
                metadata: ["reason": "\(reason)"])
            tellOutage()
        case .checking: history.checks()
        case .recovered:
            history.recovered()
            log.notice("History can be written again")
        case .answered(let answers): answered(answers)
        case .changed(let id, let answer):
            if history.changes.cuts.isEmpty {
                changed(id, answer)
            } else {
                history.changes.cuts.append(.answer(id, answer))
            }
        case .held(let reply): received(reply)
        case .notified(let notice): notified(notice)
        case .reported(let id, let report): reported(id, report)
        case .following(let room, let snapshot): opened(room, snapshot)
        case .followFailed(let room): opened(room, nil)
        case .entries(let room, let entries): received(entries, of: room)
        case .lagging(let room): followAgain(room)
        case .read(let room, let from, let page):
            receivedPage(ReadQueue.Key(room: room, from: from), page)
        case .readFailed(let room, let from):
            receivedPage(ReadQueue.Key(room: room, from: from), nil)
        case .pruned(let room, let oldest): hub.pruned(room, oldest: oldest)
        case .present(let room, let presence): changed(elsewhere: presence, in: room)
        }
    }

    /// A group was answered: tells its senders the outcomes of their lines. Nothing is delivered
    /// here.
    private mutating func answered(_ answers: [SubmissionAnswer]) {
        let group = history.commits.takeGroup()
        precondition(group.count == answers.count, "the orderer has answered other lines")
        let stored = counts.linesStored
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
            case .uncertain: refuse(place, of: group, .storeUncertain(after: Limits.storeRetry))
            }
        }
        if let last = group.submissions.last?.id {
            monitor.deliveries.answered(through: last, areStored: counts.linesStored > stored)
        }
        if !unknown.isEmpty { history.resubmit(unknown, of: group) }
    }

    /// A line has its number. Tells the connections that wait for it.
    private mutating func ordered(
        _ place: Int, of group: CommitQueue.Group, as seq: UInt64, at time: Timestamp
    ) {
        // Most lines have no key and are in rooms that are followed.
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

    /// A line wasn't said, or nobody knows. Tells the connections that wait for it why.
    private mutating func refuse(_ place: Int, of group: CommitQueue.Group, _ refusal: Refusal) {
        let draft = group.submissions[place].draft
        hub.failed(draft)
        refuse(draft, refusal, to: group.askers[place])
    }

    /// Entries of a room have arrived. They are delivered, whatever their origin.
    private mutating func received(_ entries: [RoomEntry], of name: RoomName) {
        // By index: a loop over the entries themselves copies each.
        for place in entries.indices {
            if case .change(let change) = entries[place] { bansChanged(change, in: name) }
        }
        guard let room = hub.room(named: name) else { return }
        for place in entries.indices {
            let taking: Hub.Taking
            switch entries[place] {
            case .line(let line):
                taking = hub.took(line: line.seq, in: room)
                if taking == .deliver {
                    publish(
                        line.seq, in: room, at: line.time, line.username, line.message,
                        by: line.author)
                }
            case .change(let change): taking = arrived(change, in: room, name)
            }
            if taking == .follow { return followAgain(name) }
        }
    }

    /// Entries of a room were left out. Requests the room's state again. Members read the lines
    /// that they miss.
    private mutating func followAgain(_ name: RoomName) {
        // If its state is awaited, that doesn't come any more.
        guard hub.lagging(name) != nil || history.openings.requested[name] != nil else { return }
        history.followAgain(name)
    }

    /// The orderer has sent the state of a room. Nil if it can't.
    private mutating func opened(_ name: RoomName, _ snapshot: RoomSnapshot?) {
        let waiting = history.takeOpening(of: name)
        if hub.room(named: name) != nil {
            if let snapshot {
                follow(name, snapshot)
            } else {
                history.failedToFollow(name, at: clock.coarse)
            }
        }
        tellEarlyChanges(in: name)
        for token in waiting { finishWait(token, name, snapshot) }
        // The connections that waited for it have gone, or were refused.
        if snapshot != nil, hub.room(named: name) == nil { history.unfollow(name) }
        while let (room, token) = history.nextOpening() {
            guard connections.contains(token), connections[token.index].waiting != nil else {
                continue
            }
            history.awaitOpening(of: room, token)
        }
    }

    /// Takes over the state of a room. Members that miss lines are fed.
    mutating func follow(_ name: RoomName, _ snapshot: RoomSnapshot) {
        if let room = hub.room(named: name) { seal(room) }
        let before = hub.room(named: name).flatMap { hub.room($0).epoch }
        let (room, hasJumped) = hub.following(name, snapshot)
        streams.appeared(room)
        if let before, before != snapshot.epoch { epochBegan(snapshot, in: room, name) }
        followChanges(snapshot, in: room)
        recogniseMembers(of: room)
        noticePresence(of: room)
        for seat in hub.seats(of: room) where connections[seat.member.index].isAnswering {
            holdLines(seat.member.index)
        }
        guard hasJumped else { return }
        streams[room].log.trim(to: 0, pool: &outbox.pool)
        for seat in hub.seats(of: room) where hub.isBehind(seat.membership) {
            feeder.schedule(seat.member.index, in: &connections)
        }
    }

    /// Tries again to follow rooms that could not be followed, and to read what could not be read.
    mutating func tryStoreAgain() {
        for name in history.takeUnfollowed(at: clock.coarse) where hub.room(named: name) != nil {
            history.follow(name)
        }
        for (key, members) in history.failedReads.take(at: clock.coarse) {
            var isAwaited = false
            for token in members {
                guard let id = Feeder.awaiting(key, token, hub, connections) else { continue }
                let end = streams.pageEnd(from: key.from, of: hub.membership(id).room, hub)
                history.read(key, through: end, for: .member(token))
                isAwaited = true
            }
            if !isAwaited { history.failedReads.settled(key) }
        }
        releaseHeld()
    }

    /// Submits the lines of this tick to the orderer, and forgets keys that aren't needed any more.
    @inline(__always)
    mutating func commitDrafts() {
        if !history.changes.cuts.isEmpty { continueCutting() }
        if history.commits.isCollecting {
            monitor.deliveries.submitted(below: history.commits.nextID, at: clock.began)
        }
        history.commit(at: clock.coarse)
        hub.forgetSends(at: clock.now.milliseconds, atMost: Limits.sendsForgottenAtOnce)
    }
}
