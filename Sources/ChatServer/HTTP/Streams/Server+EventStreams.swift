internal import Chat
internal import Identity
internal import Reactor
internal import WebSocket

/// Event streams: members of rooms whose connection is a response without end.
///
/// When it is known who asks, the state of the first room is looked up, and the response begins.
/// Then the connection enters its rooms, one after another.
extension Server where Net: ~Copyable {
    /// It is known who asks for an event stream. Nil is a guest.
    mutating func openStream(
        _ index: Int, _ head: RequestHead, in bytes: Span<UInt8>, of room: RoomName?,
        as holder: Principal?, _ reply: APIReply
    ) {
        allowances.turns.spend(Cost.handshake)
        do throws(Problem) {
            guard life == .serving else { throw .stopping }
            let request = try StreamRequest(head, in: bytes, of: room, limit: limits.chat.rooms)
            if let reason = addresses.asked(index, head, in: bytes, at: clock.now) {
                throw Problem(
                    .serviceUnavailable, "overloaded", reason, others: [WireRules.retryAfter])
            }
            addresses.openedChat(index, head, in: bytes)
            for room in request.rooms { try checkReads(index, room, holder) }
            guard head.method == .get else { return respondToHead(index, reply) }
            connections.awaitRooms(
                index,
                StreamOpening(
                    rooms: request.rooms, places: request.places, history: request.history,
                    isPlaced: request.rooms.count > 1, holder: holder, reply: reply))
            enterRooms(index, nil)
        } catch {
            answer(index, error, reply)
        }
    }

    private mutating func respondToHead(_ index: Int, _ reply: APIReply) {
        connections.stopWaiting(index)
        let isKept = keepsAlive(index, isWanted: !reply.isLast)
        respond(
            index, .ok, contentType: StreamRequest.contentType, keepsAlive: isKept,
            fields: StreamRequest.fields + reply.crossOrigin)
        answered(index, keepsAlive: isKept)
    }

    /// Throws if a room is closed to who asks, or if it is banned there.
    private mutating func checkReads(
        _ index: Int, _ room: RoomName, _ holder: Principal?
    ) throws(Problem) {
        guard let author = APIRequest.author(holder, in: room) else {
            throw Problem(.closedRoom(room))
        }
        do throws(Refusal) {
            try checkBan(index, holder, as: author, in: room)
        } catch {
            throw Problem(error)
        }
    }

    // MARK: Rooms

    /// Enters the rooms of a stream, until one's state has to be looked up. `snapshot` is that of
    /// the next one. It is nil if it isn't known, or if it was looked up in vain.
    mutating func enterRooms(_ index: Int, _ snapshot: RoomSnapshot?, isLookedUp: Bool = false) {
        let token = connections.token(at: index)
        var (snapshot, isLookedUp) = (snapshot, isLookedUp)
        while var opening = connections.opening(token), let name = opening.rooms.first {
            let place = opening.places.first { $0.room == name }
            if !isOpen(name, for: place?.start, place?.rev) {
                guard let found = snapshot else {
                    guard !isLookedUp else { return failedToEnter(index, opening) }
                    allowances.turns.spend(Cost.opening)
                    return history.awaitOpening(of: name, token)
                }
                follow(name, found)
                guard reaches(name, place?.start, place?.rev) else {
                    return failedToEnter(index, opening)
                }
            }
            (snapshot, isLookedUp) = (nil, false)
            if !connections[index].isInChat, !begin(index, opening) { return }
            let next = opening.takeRoom()
            connections.awaitRooms(index, opening)
            if let ban = ban(of: index, in: name, as: nil) {
                return close(index, .banned, ban.reason)
            }
            enter(index, name, from: next?.place, history: opening.history)
        }
        connections.stopWaiting(index)
        releaseInput(index)
    }

    /// Whether a room can be entered at once: its state is known, as far as its client knows it.
    mutating func isOpen(_ name: RoomName, for start: JoinStart?, _ rev: UInt64?) -> Bool {
        guard let room = hub.room(named: name) else { return history.isInPlace }
        return hub.isOpen(room) && !hub.isBehind(start, rev, in: room)
    }

    /// Whether a client can enter a room whose state was looked up. It can't if the orderer doesn't
    /// answer, and the client knows more than this server: it would get lines twice.
    mutating func reaches(_ name: RoomName, _ start: JoinStart?, _ rev: UInt64?) -> Bool {
        guard history.phase == .failing, let room = hub.room(named: name) else { return true }
        return !hub.isBehind(start, rev, in: room)
    }

    /// The state of a room can't be had. The reader comes back.
    private mutating func failedToEnter(_ index: Int, _ opening: StreamOpening) {
        guard connections[index].isInChat else {
            return answer(index, Problem(Self.storeUnavailable), opening.reply)
        }
        close(index, .tryAgainLater, Self.storeUnavailable.reason)
    }

    /// The response begins. False if it is a refusal after all.
    private mutating func begin(_ index: Int, _ opening: StreamOpening) -> Bool {
        guard life == .serving else {
            answer(index, .stopping, opening.reply)
            return false
        }
        if let holder = opening.holder {
            if let refusal = identities.objection(to: holder, at: clock.wall.milliseconds) {
                answer(index, Problem(Self.answer(to: refusal)), opening.reply)
                return false
            }
            hold(index, holder)
        }
        counts.eventStreamsOpened += 1
        respondWithStream(index, fields: opening.reply.crossOrigin)
        connections.openedStream(
            index, taking: opening.isPlaced ? .placedEvents : .events, at: clock.coarse)
        if connectionLog.isDebug { connectionLog.openedStream(index) }
        return true
    }

    /// Enters a room that is open, at a place or with its last lines.
    private mutating func enter(
        _ index: Int, _ name: RoomName, from place: StreamPlace?, history lines: Int
    ) {
        allowances.turns.spend(Cost.join)
        if let room = hub.room(named: name) { seal(room) }
        let present = hub.room(named: name)
        let last = present.map { hub.lastSeq(of: $0) } ?? 0
        let logged = present.flatMap { streams.firstSeq(of: $0) }
        let known = present.map { hub.lastRev(of: $0) } ?? 0
        let kept = min(present.map { streams[$0].changes.keptRev } ?? 0, known)
        let start = place?.start ?? .last(lines)
        // If the reader can't go on at its place, the last lines must not begin before it.
        let most = limits.resumeLines == 0 ? 0 : max(limits.resumeLines, JoinStart.standardLines)
        // Lines that it missed are worth having without the changes before them.
        let entrance = hub.joined(
            MemberID(index: index), name, as: self.name(index, orElse: nil), start: start,
            rev: min(max(place?.rev ?? known, kept), known), keptRev: kept,
            logged: logged ?? last + 1, resumeLimit: most, isReader: true)
        let room = hub.room(of: entrance.membership)
        noteName(index, entrance.membership)
        settled(index, in: room)
        if let recovered = entrance.recovered { counts.count(resumed: recovered) }
        let missesAny = StreamEvents.tellEntered(
            index, entrance.membership, from: place, recovered: entrance.recovered, hub, streams,
            &connections, &outbox, at: clock.coarse)
        if missesAny { feeder.countGap() }
        if !hub.held.isEmpty { tellHeld(index, name) }
        guard hub.isBehind(entrance.membership) else { return }
        feeder.schedule(index, in: &connections)
    }

    /// Tells the reader of a stream when to come back.
    mutating func tellStreamClosing(_ index: Int, _ delay: UInt64) {
        var event: [UInt8] = []
        EventWriter.closing(reconnectAfter: delay, into: &event)
        outbox.enqueueBytes(for: index, lane: .lines, in: &connections, at: clock.coarse) {
            EventText.append(event.span, retry: delay, to: &$0)
        }
    }
}
