internal import Chat
internal import Reactor

/// The rich dialect. The commands of a connection are executed in order. One that waits for the
/// store holds those behind it, so that a command after a `join` finds the room joined.
extension Server where Net: ~Copyable {
    /// A text message of a client of the rich dialect has arrived. Executes its command, or refuses
    /// it.
    mutating func receivedCommand(_ index: Int, _ text: Span<UInt8>) {
        connections.receivedCommand(index)
        allowances.turns.spend(Cost.command)
        let envelope = Command.parse(text)
        if connectionLog.isTrace { trace(index, envelope) }
        do throws(Refusal) {
            let command = try envelope.command.get()
            if connections[index].flags.contains(.identified) { try check(index, command) }
            switch command {
            case .join(let room, let username, let start, let rev):
                try join(index, envelope, room, as: username, start: start, rev: rev)
            case .leave(let room): try leave(index, envelope.id, room)
            case .message(let room, let message, let username):
                try say(index, message, in: room, as: username, key: envelope.id)
            case .history(let room, let before, let limit):
                try history(index, envelope.id, room, before: before, limit: limit)
            case .members(let room): try tellMembers(index, envelope.id, room)
            case .auth(let token): try authenticate(index, envelope.id, token)
            case .moderate(let room, let wanted):
                try moderate(
                    index, envelope.id, room, wanted, by: try moderator(index, of: room))
            case .report(let room, let query):
                try report(index, envelope.id, room, query, by: try moderator(index, of: room))
            case .announce(let room, let message):
                try announce(index, envelope.id, room, message)
            case .oversee(let wanted): try oversee(index, envelope.id, wanted)
            }
        } catch {
            refuse(
                index, error, id: envelope.id,
                frame: envelope.id == nil ? connections.commandNumber(index) : nil)
        }
    }

    @inline(never)
    private func trace(_ index: Int, _ envelope: CommandEnvelope) {
        switch envelope.command {
        case .success(.join): connectionLog.command(index, "join")
        case .success(.leave): connectionLog.command(index, "leave")
        case .success(.message): connectionLog.command(index, "message")
        case .success(.history): connectionLog.command(index, "history")
        case .success(.members): connectionLog.command(index, "members")
        case .success(.auth): connectionLog.command(index, "auth")
        case .success(.moderate): connectionLog.command(index, "moderate")
        case .success(.report): connectionLog.command(index, "report")
        case .success(.announce): connectionLog.command(index, "announce")
        case .success(.oversee): connectionLog.command(index, "oversee")
        case .failure: connectionLog.command(index, "invalid")
        }
    }

    private mutating func say(
        _ index: Int, _ message: String, in room: RoomName, as username: String?, key: String?
    ) throws(Refusal) {
        counts.linesReceived += 1
        allowances.turns.carriesLine()
        allowances.turns.spend(Cost.line)
        try checkName(index, username, in: room)
        let username = name(index, orElse: username)
        try checkSpeaks(index, in: room, as: username)
        let saying = try hub.said(
            message, in: room, as: username, key: key,
            by: MemberID(index: index), author(index, in: room), unless: storeObjection,
            at: clock.now.milliseconds, time: clock.wall)
        try told(saying, index, key, room)
    }

    /// A line of a client is accepted, or was sent before.
    mutating func told(
        _ saying: Saying, _ index: Int, _ key: String?, _ room: RoomName
    ) throws(Refusal) {
        switch saying {
        case .draft(let draft, let room):
            noteName(index, in: room)
            try accept(draft, in: room, from: index)
        case .sentBefore(let line): tell(index, key, room, of: line)
        case .held(let draft, let room, let reason):
            noteName(index, in: room)
            try hold(draft, in: room, from: index, because: reason)
        }
    }

    /// Tells a sender what has become of a line that it has sent again, now or once it is known.
    mutating func tell(
        _ index: Int, _ key: String?, _ room: RoomName, of line: Hub.EarlierLine
    ) {
        counts.repeatedLines += 1
        let token = connections.token(at: index)
        switch line {
        case .said(let seq, let time): acknowledge(index, key, room, seq, time)
        case .underWay(let id) where HoldQueue.isTicket(id):
            history.changes.holds.awaited(id, by: token)
        case .underWay(let id) where CheckQueue.isTicket(id):
            history.lineChecks.awaited(id, by: token)
        case .underWay(let id): saidAgain(index, key, id)
        case .waiting(let line): acknowledge(index, key, line)
        }
    }

    /// Tells a sender its line's number, if the line had an id.
    mutating func acknowledge(
        _ index: Int, _ key: String?, _ room: RoomName, _ seq: UInt64, _ time: Timestamp
    ) {
        guard let key else { return }
        guard connections[index].isInChat else {
            return acknowledgePost(index, key, room, seq, time)
        }
        let time = clock.text(of: time)
        enqueueReply(index) {
            EventWriter.ack(id: key, room: room, seq: seq, time: time, into: &$0)
        }
    }

    /// Enters a room. If necessary, waits until the store's state of the room is known.
    private mutating func join(
        _ index: Int, _ envelope: CommandEnvelope, _ name: RoomName, as given: String?,
        start: JoinStart, rev: UInt64?, snapshot: RoomSnapshot? = nil
    ) throws(Refusal) {
        allowances.turns.spend(Cost.join)
        let member = MemberID(index: index)
        try checkOpen(index, name)
        if let given { try checkName(index, given, in: name) }
        let username = try hub.mayJoin(member, name, as: self.name(index, orElse: given))
        if let ban = ban(of: index, in: name, as: username) { throw ban }
        try hub.checkName(username, of: author(index, in: name), in: name)
        if !isOpen(name, for: start, rev) {
            guard let snapshot else { return awaitOpening(index, envelope, name) }
            follow(name, snapshot)
            guard reaches(name, start, rev) else { throw Self.storeUnavailable }
        }
        if let room = hub.room(named: name), let id = hub.membership(of: member, in: room) {
            return joinAgain(index, envelope.id, id, as: username, start: start)
        }
        enter(index, envelope.id, name, as: username, start: start, rev: rev)
    }

    private mutating func enter(
        _ index: Int, _ id: String?, _ name: RoomName, as username: String?, start: JoinStart,
        rev: UInt64?
    ) {
        // Earlier lines belong only to members that were there before.
        if let room = hub.room(named: name) { seal(room) }
        let present = hub.room(named: name)
        let logged = present.flatMap { streams.firstSeq(of: $0) }
        let last = present.map { hub.lastSeq(of: $0) } ?? 0
        let kept = present.map { streams[$0].changes.keptRev } ?? 0
        let rev = rev.map { rev in present.map { streams[$0].changes.known(by: rev) } ?? rev }
        let entrance = hub.joined(
            MemberID(index: index), name, as: username, start: start, rev: rev, keptRev: kept,
            logged: logged ?? last + 1, resumeLimit: limits.resumeLines)
        let room = hub.room(of: entrance.membership)
        noteName(index, entrance.membership)
        settled(index, in: room)
        if let recovered = entrance.recovered { counts.count(resumed: recovered) }
        tellJoined(index, id, room, recovered: entrance.recovered)
        guard hub.isBehind(entrance.membership) else { return }
        feeder.schedule(index, in: &connections)
    }

    /// A client that joins a room it is in keeps its position, and gets no line twice.
    private mutating func joinAgain(
        _ index: Int, _ id: String?, _ membership: MembershipID, as username: String?,
        start: JoinStart
    ) {
        let room = hub.room(of: membership)
        if let username { hub.renamed(membership, username) }
        noteName(index, membership)
        if hub.hasNews(room) { hub.heardOfChanges(membership) }
        noticePresence(of: room)
        var recovered: Bool?
        if case .resume(let epoch, _) = start { recovered = epoch == hub.room(room).epoch?.text }
        tellJoined(index, id, room, recovered: recovered)
    }

    private mutating func tellJoined(
        _ index: Int, _ id: String?, _ room: RoomID, recovered: Bool?
    ) {
        let (found, members) = (hub.room(room), hub.totalCount(of: room))
        guard let epoch = found.epoch else { preconditionFailure("a joined room is open") }
        let (name, settings) = (hub.name(of: room), hub.settings(of: room))
        enqueueEvent(index, lane: .lines) { event in
            EventWriter.joined(
                id: id, room: name, epoch: epoch, seq: found.lastSeq, rev: found.lastRev,
                members: members, recovered: recovered, settings: settings,
                into: &event)
        }
        if !hub.held.isEmpty { tellHeld(index, name) }
    }

    private mutating func leave(
        _ index: Int, _ id: String?, _ name: RoomName
    ) throws(Refusal) {
        let (_, membership) = try hub.membership(of: MemberID(index: index), in: name)
        allowances.turns.spend(Cost.leave)
        leaveRoom(index, membership)
        enqueueEvent(index, lane: .lines) { EventWriter.left(id: id, room: name, into: &$0) }
    }

    private mutating func tellMembers(
        _ index: Int, _ id: String?, _ name: RoomName
    ) throws(Refusal) {
        let (room, membership) = try hub.membership(of: MemberID(index: index), in: name)
        hub.askedForMembers(membership)
        let listed = listed(room)
        enqueueEvent(index, lane: .lines) {
            EventWriter.members(id: id, room: name, listed, into: &$0)
        }
    }

    private mutating func awaitOpening(
        _ index: Int, _ envelope: CommandEnvelope, _ name: RoomName
    ) {
        allowances.turns.spend(Cost.opening)
        connections.waitForStore(index, .opening(envelope))
        history.awaitOpening(of: name, connections.token(at: index))
    }

    /// The state of a room that a join or a line has waited for. Nil if it isn't available.
    mutating func finishWait(_ token: Token, _ name: RoomName, _ snapshot: RoomSnapshot?) {
        if connections.opening(token) != nil {
            return enterRooms(token.index, snapshot, isLookedUp: true)
        }
        guard connections.contains(token), connections.request(token.index) == nil else {
            return finishOpening(token, snapshot)
        }
        let waiting = connections.takeWaiting(token)
        if case .line(let text)? = waiting { return finishLine(token.index, text, snapshot) }
        guard case .opening(let envelope)? = waiting else { return }
        do throws(Refusal) {
            guard case .join(_, let username, let start, let rev) = try envelope.command.get()
            else { preconditionFailure("no other command waits for its room") }
            guard let snapshot else { throw Self.storeUnavailable }
            try join(
                token.index, envelope, name, as: username, start: start, rev: rev,
                snapshot: snapshot)
        } catch {
            refuse(token.index, error, id: envelope.id)
        }
        releaseInput(token.index)
    }
}
