internal import Chat

/// Connections, epochs and beats, and what the server learns of them.
extension ShardFollower {
    // MARK: Connections

    mutating func connected(at now: UInt64) {
        switch link.phase {
        case .cut: break
        case .entering, .waiting, .beginning, .raising, .reading, .open:
            lost(calls.cut(), nil, at: now)
        case .refused: return
        }
        enter(at: now)
    }

    mutating func disconnected(_ reason: String, at now: UInt64) {
        lost(calls.cut(), reason, at: now)
    }

    /// The shard doesn't answer.
    mutating func reconnect(at now: UInt64) { lost(calls.reconnect(), link.complaint, at: now) }

    private mutating func lost(_ commands: [ShardCommand], _ reason: String?, at now: UInt64) {
        link.cut(reason)
        rooms.cut()
        changes.disconnected()
        tickets = [:]
        presence.cut()
        trimming.cut()
        for command in commands {
            switch command {
            case .append(_, _, let room, _, _):
                counts.lostAnswers += 1
                group?.lost(room)
            case .read(let room, let from, let through):
                read(PendingRead(room: room, from: from, through: through))
            case .enter, .beat, .begin, .raise, .open, .catchUp, .trim, .changes, .presence:
                break
            }
        }
        guard link.isFailing else { return }
        failRooms()
        giveUpLines(at: now)
        changes.gaveUp()
    }

    mutating func enter(at now: UInt64) {
        link.entering(at: now)
        presence.cut()
        trimming.cut()
        calls.ask(.enter(run))
    }

    mutating func entered(_ reply: ShardReply, at now: UInt64) {
        switch reply {
        case .entered(let state):
            counts.connections += 1
            learned(state, at: now)
        case .nameTaken(let left): nameTaken(left: left, at: now)
        case .beaten, .begun, .raised, .appended, .opened, .read, .caughtUp,
            .trimmed, .changes, .presence, .failed:
            waitAfter(reply, at: now)
        }
    }

    private mutating func waitAfter(_ reply: ShardReply, at now: UInt64) {
        link.hadTrouble(reply.failure)
        link.wait(at: now)
    }

    private mutating func nameTaken(left: Int, at now: UInt64) {
        let reason = "another node has the name \(run.name.text)"
        link.hadTrouble(reason)
        if link.nameTaken(left: left, at: now) {
            refusal = reason
            fail(reason, at: now)
        } else if link.epoch != nil {
            fail(reason, at: now)
        }
    }

    // MARK: Epochs

    private mutating func learned(_ state: ShardState, at now: UInt64) {
        moment = ShardMoment(state, at: now)
        if let epoch = state.epoch, state.isSameData { return adopt(epoch, at: now) }
        link.beginning()
        counts.epochs += 1
        let number = run.number &+ UInt64(counts.epochs) &* 0x9E37_79B9_7F4A_7C15
        calls.ask(.begin(Epoch(number: number ^ UInt64(index) << 56), after: state.epoch))
    }

    mutating func begun(_ reply: ShardReply, at now: UInt64) {
        guard case .begun(let epoch) = reply else { return waitAfter(reply, at: now) }
        adopt(epoch, at: now)
    }

    /// An epoch is in force. If it is new, the shard learns first what the node has seen.
    private mutating func adopt(_ epoch: Epoch, at now: UInt64) {
        let seen = epoch == link.epoch ? [] : rooms.seen
        let held = epoch == link.epoch ? 0 : changes.lastHeld
        guard !seen.isEmpty || held > 0 else { return readChanges(epoch, at: now) }
        var commands = 0
        for start in stride(from: 0, to: max(seen.count, 1), by: ShardLimits.beatRooms) {
            let part = seen[start..<min(start + ShardLimits.beatRooms, seen.count)]
            let rooms = Dictionary(uniqueKeysWithValues: part.map { ($0.0, $0.1) })
            calls.ask(.raise(epoch, rooms, held: held))
            commands += 1
        }
        link.raising(epoch, commands: commands)
    }

    mutating func raised(_ reply: ShardReply, at now: UInt64) {
        guard case .raised = reply else { return waitAfter(reply, at: now) }
        link.wasWell(at: now)
        if let epoch = link.raised() { readChanges(epoch, at: now) }
    }

    /// The shard is asked what changes add up to, unless that is known.
    private mutating func readChanges(_ epoch: Epoch, at now: UInt64) {
        link.reading(epoch)
        changes.entered(epoch, news: moment.news, at: now)
        settleChanges(at: now)
    }

    /// The shard takes requests. `opening` is what is in force, if it was read anew.
    mutating func opened(_ epoch: Epoch, _ opening: OrdererOpening?, at now: UInt64) {
        let isNew = epoch != link.epoch
        if isNew, link.epoch != nil { counts.epochChanges += 1 }
        link.opened(epoch, at: now)
        changes.resumed()
        if isNew {
            rooms.epochEnded()
            changes.replica.epochEnded()
            link.recovered()
            if let opening = opening ?? self.opening { replies.append(.ready(opening)) }
        } else if link.isFailing, moment.trouble == nil {
            recovered()
        }
        if let trouble = moment.trouble { refused(trouble, at: now) }
        withPresence { $0.opened(epoch, at: now) }
        for room in rooms.names {
            subscribe(room, at: now)
            if rooms[room]?.isAwaited == true { askState(of: room) }
        }
        if rooms.takeCheck() { beat(at: now) }
        let waiting = reads
        reads = []
        for read in waiting { self.read(read) }
        sendLines()
    }

    // MARK: Beats

    /// Asks for the last positions of all rooms.
    mutating func beat(at now: UInt64) {
        defer { link.beating(at: now) }
        guard !link.isBeating else { return }
        let names = rooms.names
        for start in stride(from: 0, to: max(names.count, 1), by: ShardLimits.beatRooms) {
            let part = names[start..<min(start + ShardLimits.beatRooms, names.count)]
            calls.ask(.beat(run, rooms: Array(part)))
        }
    }

    /// Something is of another epoch: asks which one is in force.
    mutating func askEpoch(at now: UInt64) {
        guard link.phase == .open, !link.isBeating else { return }
        beat(at: now)
    }

    mutating func beaten(_ reply: ShardReply, _ names: [RoomName], at now: UInt64) {
        guard link.phase == .open else { return }
        link.beaten()
        switch reply {
        case .beaten(let state, let cursors):
            guard state.epoch == link.epoch, state.isSameData else {
                return learned(state, at: now)
            }
            link.wasWell(at: now)
            moment = ShardMoment(state, at: now)
            if let trouble = state.trouble { refused(trouble, at: now) }
            changes.beat(news: state.news)
            for (room, cursor) in zip(names, cursors) {
                rooms.doubt(room, cursor, at: now)
                if rooms[room]?.canOpen == true { open(room) }
            }
            if link.hasRecovered(at: now) { recovered() }
            sendLines()
        case .nameTaken(let left): nameTaken(left: left, at: now)
        case .entered, .begun, .raised, .appended, .opened, .read, .caughtUp,
            .trimmed, .changes, .presence, .failed:
            link.hadTrouble(reply.failure)
        }
    }

    // MARK: What the server knows

    private mutating func recovered() {
        link.recovered()
        replies.append(.recovered)
    }

    /// Submissions fail from now on.
    mutating func fail(_ reason: String, at now: UInt64) {
        if !link.isFailing {
            link.failed()
            replies.append(.failing(reason: reason))
        }
        giveUpLines(at: now)
        guard link.phase != .open else { return }
        failRooms()
        changes.gaveUp()
    }

    /// What can't be read while the node is cut off has failed.
    private mutating func failRooms() {
        for read in reads { replies.append(.readFailed(read.room, from: read.from)) }
        reads = []
        for room in rooms.names {
            if rooms[room]?.known == nil {
                failFollowing(room)
            } else if rooms[room]?.isAwaited == true {
                rooms.update(room) { $0.gaveUpWait() }
                tellState(of: room)
            }
        }
    }
}
