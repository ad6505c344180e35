internal import Chat
internal import Identity
internal import Reactor

/// Lines that wait before they are said.
extension Server where Net: ~Copyable {
    /// Lines and bytes of them that a moderator is told of when it joins.
    private static var toldLines: Int { 200 }
    private static var toldBytes: Int { 65_536 }

    /// A line is valid, and waits from now on, as soon as that is kept. Its sender gets an answer
    /// then. A moderator or the room's time decides when it is said.
    mutating func hold(
        _ line: Draft, in room: RoomID, from index: Int, because reason: HeldLine.Reason
    ) throws(Refusal) {
        if history.lineChecks.takes(line) {
            return try check(line, in: room, from: index, because: reason)
        }
        noticePresence(of: room)
        let token = connections.token(at: index)
        var draft = line
        if draft.author.isGuest { draft.origin = addresses.origins.origin(token) }
        try hold(draft, under: hub.settings(of: room).rules, from: token, because: reason)
    }

    /// The same in a room with these rules, which may have no members.
    mutating func hold(
        _ draft: Draft, under rules: RoomRules, from token: Token, because reason: HeldLine.Reason
    ) throws(Refusal) {
        guard history.changes.holds.count < HoldQueue.limit else { throw Self.storeUnavailable }
        let ticket = history.changes.holds.nextTicket
        hub.submitted(draft, ticket: ticket, at: clock.now.milliseconds)
        hub.held.expect(in: draft.room, rules)
        history.changes.holds.append(draft, from: token)
        guard !history.keepsChanges else {
            return history.submit(.hold(HeldRequest.Hold(ticket: ticket, draft, reason)))
        }
        let line = HeldLine(id: history.changes.holds.takeID(), draft, reason)
        received(.held([HeldReply.Answer(ticket: ticket, line)]))
    }

    /// The orderer has answered.
    mutating func received(_ reply: HeldReply) {
        switch reply {
        case .held(let answers): tellHeld(answers.compactMap { answer in held(answer) })
        case .waiting(let rooms):
            let now = clock.now.milliseconds
            tellHeld(rooms.flatMap { hub.held.waits($0, at: now, time: clock.wall) })
        case .said(let said): tell(said.compactMap { released($0) })
        case .dropped(let ids): tell(rejected(ids))
        case .released(let said, let asked):
            let left = Set(asked).subtracting(said.map(\.id))
            tell(said.compactMap { released($0) } + rejected(left.sorted()))
            hub.held.settled()
        case .releaseFailed:
            hub.held.settled(tryingAgain: clock.now.milliseconds + Limits.storeRetry)
        }
        scheduleHeld()
    }

    /// A line waits, or doesn't. Who waits for the answer gets it. Returns a line that waits.
    private mutating func held(_ answer: HeldReply.Answer) -> HeldLine? {
        guard let hold = history.changes.holds.take(answer.ticket) else { return nil }
        let draft = hold.draft
        hub.answered(draft, answer.line, at: clock.now.milliseconds)
        if let line = answer.line, line.draft.author.user == nil {
            history.changes.holds.waits(line.id, for: hold.sender)
        }
        if case .said(let seq, _) = answer.outcome {
            hub.released(draft, as: seq, at: clock.now.milliseconds)
        }
        for token in hold.askers where connections.contains(token) {
            switch answer.outcome {
            case .waits(let line): acknowledge(token.index, draft.key, line)
            case .said(let seq, let time):
                acknowledge(token.index, draft.key, draft.room, seq, time)
            case .otherText: refuse(token.index, .idReused, id: draft.key)
            case .failed: refuse(token.index, Self.storeUnavailable, id: draft.key)
            }
        }
        return answer.line
    }

    /// Tells a sender that its line waits, if the line had an id.
    mutating func acknowledge(_ index: Int, _ key: String?, _ line: HeldLine) {
        guard let key else { return }
        guard connections[index].isInChat else { return acknowledgePost(index, key, waits: line) }
        enqueueReply(index) {
            EventWriter.ack(id: key, room: line.draft.room, held: line, into: &$0)
        }
    }

    // MARK: The end of the wait

    /// A change takes effect on lines that wait, in whatever room.
    mutating func heldChanged(_ change: RoomChange, in room: RoomName) {
        guard !hub.held.isEmpty else { return }
        if let settings = change.settings { hub.held.set(settings.rules, in: room) }
        if case .approved(let id) = change.kind { hub.held.approve(id) }
        tell(rejected(change.rejected))
        scheduleHeld()
    }

    /// Asks the orderer to say the lines whose time has come.
    mutating func releaseHeld() {
        guard !hub.held.isEmpty else { return }
        let due = hub.held.takeDue(at: clock.now.milliseconds)
        guard !due.isEmpty else { return scheduleHeld() }
        guard !history.keepsChanges else {
            return history.submit(.release(due, at: clock.wall))
        }
        let said = due.compactMap { id in
            hub.held.line(id).map {
                HeldReply.Said(id: id, seq: nil, time: $0.said(at: clock.wall).time)
            }
        }
        received(.released(said, of: due))
    }

    /// Decides when to look at the lines that wait again.
    mutating func scheduleHeld() {
        guard hub.held.next < .max else { return }
        let now = clock.now.milliseconds
        let wait = hub.held.next - min(hub.held.next, now)
        history.wake(
            at: wait == 0 ? clock.coarse : clock.coarse.advanced(byMilliseconds: wait))
    }

    /// What has become of a line that waited.
    private struct Decision {
        let line: HeldLine
        /// The guest that has said it.
        let guest: Token?
        /// Its number and time. Nil: it is never said.
        let said: (seq: UInt64, time: Timestamp)?

        func write(into event: inout [UInt8]) {
            if let said {
                EventWriter.released(line, seq: said.seq, at: said.time, into: &event)
            } else {
                EventWriter.rejected(line, into: &event)
            }
        }
    }

    /// A line was said. Without an orderer, that is done here; a room that nobody is in has no
    /// lines then.
    private mutating func released(_ said: HeldReply.Said) -> Decision? {
        guard let line = hub.held.remove(said.id) else { return nil }
        let guest = history.changes.holds.takeGuest(said.id)
        let draft = line.said(at: said.time)
        let now = clock.now.milliseconds
        if let seq = said.seq {
            hub.released(draft, as: seq, at: now)
            return Decision(line: line, guest: guest, said: (seq, draft.time))
        }
        guard let room = hub.room(named: draft.room) else { return nil }
        let seq = hub.numbered(draft, in: room, at: now)
        if draft.author.isGuest { streams[room].origins.append(seq, draft.origin) }
        publish(seq, in: room, at: draft.time, draft.username, draft.message, by: draft.author)
        return Decision(line: line, guest: guest, said: (seq, draft.time))
    }

    /// These lines are never said, those that still wait.
    private mutating func rejected(_ ids: [UInt64]) -> [Decision] {
        ids.compactMap { id in
            let guest = history.changes.holds.takeGuest(id)
            return hub.held.remove(id).map { Decision(line: $0, guest: guest, said: nil) }
        }
    }

    // MARK: Telling

    /// A moderator has joined a room: it is told of the first lines that wait there.
    mutating func tellHeld(_ index: Int, _ room: RoomName) {
        guard author(index, in: room).moderates else { return }
        var bytes = 0
        for line in hub.held.lines(in: room).prefix(Self.toldLines) {
            bytes += line.draft.message.utf8.count
            if bytes > Self.toldBytes { break }
            tellHeld(line, to: [index])
        }
    }

    /// Tells moderators of lines that wait.
    private mutating func tellHeld(_ lines: [HeldLine]) {
        for (room, lines) in Dictionary(grouping: lines, by: \.draft.room) {
            let moderators = moderators(of: room)
            for line in lines { tellHeld(line, to: moderators) }
        }
    }

    /// Tells moderators of a line that waits. One that doesn't read misses it, and may join again.
    private mutating func tellHeld(_ line: HeldLine, to moderators: [Int]) {
        for index in moderators where connections[index].isInChat {
            if connections[index].isAnswering {
                enqueueReply(index) { EventWriter.held(line, into: &$0) }
            } else if Int(connections[index].outbound.lineBytes) <= limits.highWatermark {
                enqueueEvent(index, lane: .lines) { EventWriter.held(line, into: &$0) }
            }
        }
    }

    /// Tells authors and moderators what has become of lines.
    private mutating func tell(_ decisions: [Decision]) {
        guard !decisions.isEmpty else { return }
        let users = Set(decisions.compactMap { $0.line.draft.author.user.map { ByteText($0) } })
        var connected: [ByteText: [Int]] = [:]
        if !users.isEmpty {
            for index in identities.connections({ _ in true }) {
                guard let sub = identities.sub(index).map({ ByteText($0) }), users.contains(sub)
                else { continue }
                connected[sub, default: []].append(index)
            }
        }
        var moderators: [RoomName: [Int]] = [:]
        for decision in decisions {
            let name = decision.line.draft.room
            let known = moderators[name] ?? self.moderators(of: name)
            moderators[name] = known
            var told = Set(known)
            let user = decision.line.draft.author.user.map { ByteText($0) }
            for index in user.flatMap({ connected[$0] }) ?? [] where isRichMember(index, of: name) {
                told.insert(index)
            }
            if let guest = decision.guest, connections.contains(guest),
                isRichMember(guest.index, of: name)
            {
                told.insert(guest.index)
            }
            for index in told.sorted() where connections[index].isInChat {
                enqueueReply(index) { decision.write(into: &$0) }
            }
        }
    }

    /// The moderators in a room.
    private mutating func moderators(of room: RoomName) -> [Int] {
        guard identities.areOn else { return [] }
        let found = identities.connections { identities.author($0, in: room).moderates }
        return found.filter { isRichMember($0, of: room) }
    }

    private mutating func isRichMember(_ index: Int, of name: RoomName) -> Bool {
        guard connections[index].isInChat, connections[index].isRich,
            let room = hub.room(named: name)
        else { return false }
        return hub.membership(of: MemberID(index: index), in: room) != nil
    }
}
