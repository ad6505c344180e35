internal import Chat
internal import Identity
internal import Reactor
internal import WebSocket

/// Event streams: members of rooms whose connection is a response without end.
///
/// A request goes through these steps: its token is verified, if it has one, the state of its first
/// room is looked up, and the response begins. Then it enters its rooms, one after another.
extension Server where Net: ~Copyable {
    /// A request for an event stream has arrived.
    mutating func askedForEvents(
        _ index: Int, _ head: RequestHead, in bytes: Span<UInt8>, of room: RoomName?
    ) {
        do throws(Problem) {
            guard head.method == .get || head.method == .head else {
                throw .notAllowed(.events(room))
            }
            if let field = Credential.fieldInQuery(head.query, in: bytes) {
                throw Problem(
                    .badRequest, "malformed",
                    "A token doesn't belong in a URL (\(field)=): send it with Authorization: "
                        + "Bearer, or as a cookie.")
            }
            _ = try StreamRequest(head, in: bytes, of: room, limit: limits.chat.rooms)
            guard let token = try token(index, head, in: bytes) else {
                return openStream(index, head, in: bytes, of: room, as: nil)
            }
            guard
                let ticket = identities.ask(
                    token, for: connections.token(at: index), at: clock.wall)
            else { throw Problem(.tooManyTokens(retryAfter: Identities.retry)) }
            connections.keepsContent(
                index, head: (0..<head.length).map { bytes[$0] },
                ContentDecoder(.none, limit: 0), at: clock.coarse)
            connections.awaitAnswer(
                index, .verification(Verification(ticket: ticket, waiter: .request)))
        } catch {
            refuseStream(index, head, error)
        }
    }

    /// The token of a request. Nil if a guest asks.
    private mutating func token(
        _ index: Int, _ head: RequestHead, in bytes: Span<UInt8>
    ) throws(Problem) -> [UInt8]? {
        let credential = Credential(
            head, in: bytes, cookie: identities.cookie,
            trustsPage: isOfTrustedPage(index, head, in: bytes))
        guard identities.areOn, let credential else {
            guard identities.demand != .required else { throw .noToken }
            return nil
        }
        guard let token = credential.token else {
            _ = tokenRefused(.tooManyTokens, credential.way)
            throw Problem(.invalidToken)
        }
        return token
    }

    /// Whether a request comes from a page that may use a cookie. Browsers send no `Origin` if a
    /// page gets something from its own server, but tell that it is so (Fetch Metadata).
    private mutating func isOfTrustedPage(
        _ index: Int, _ head: RequestHead, in bytes: Span<UInt8>
    ) -> Bool {
        guard head.origin == nil else {
            return addresses.isOwnOrigin(index, head, in: bytes)
                || OpeningHandshake.isTrusted(
                    head, in: bytes, policy: wire.handshake,
                    isSecure: connections[index].socket.isSecured)
        }
        let sites = head.values(of: "sec-fetch-site:", in: bytes)
        return sites.count == 1 && bytes.matches(sites[0], exactly: "same-origin")
    }

    /// It is known who asks for an event stream. Nil is a guest.
    mutating func openStream(
        _ index: Int, _ head: RequestHead, in bytes: Span<UInt8>, of room: RoomName?,
        as holder: Principal?, fields: [ResponseHead.Field] = []
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
            guard head.method == .get else {
                connections.stopWaiting(index)
                respondToHead(index, head, fields)
                return releaseInput(index)
            }
            connections.awaitRooms(
                index,
                StreamOpening(
                    rooms: request.rooms, places: request.places, history: request.history,
                    isPlaced: request.rooms.count > 1, holder: holder, fields: fields))
            _ = connections.takeHead(index)
            enterRooms(index, nil)
        } catch {
            refuseStream(index, head, error)
        }
    }

    private mutating func respondToHead(
        _ index: Int, _ head: RequestHead, _ fields: [ResponseHead.Field]
    ) {
        respond(
            index, head, .ok, contentType: StreamRequest.contentType,
            fields: StreamRequest.fields + fields)
        answered(index, head)
    }

    private mutating func refuseStream(_ index: Int, _ head: RequestHead, _ problem: Problem) {
        allowances.turns.spend(Cost.refusal)
        _ = connections.takeHead(index)
        connections.stopWaiting(index)
        respond(
            index, problem, keepsAlive: keepsAlive(index, head), isHead: head.method == .head)
        answered(index, head)
        releaseInput(index)
    }

    /// Throws if a room is closed to who asks, or if it is banned there.
    private mutating func checkReads(
        _ index: Int, _ room: RoomName, _ holder: Principal?
    ) throws(Problem) {
        let role = holder.map { $0.rights.role(in: room) }
        if case .some(nil) = role { throw Problem(.closedRoom(room)) }
        guard !hub.bans.isEmpty else { return }
        let visitor = Visitor(
            user: holder?.sub, username: holder?.name,
            origin: addresses.origins.origin(connections.token(at: index)),
            badge: (role ?? nil)?.badge)
        if let ban = hub.bans.ban(of: visitor, in: room, at: clock.wall) { throw Problem(ban) }
    }

    // MARK: Rooms

    /// Enters the rooms of a stream, until one's state has to be looked up. `snapshot` is that of
    /// the next one. It is nil if it isn't known, or if it was looked up in vain.
    mutating func enterRooms(_ index: Int, _ snapshot: RoomSnapshot?, isLookedUp: Bool = false) {
        let token = connections.token(at: index)
        var (snapshot, isLookedUp) = (snapshot, isLookedUp)
        while var opening = connections.opening(token), let name = opening.rooms.first {
            let isOpen = hub.room(named: name).map { hub.isOpen($0) } ?? history.isInPlace
            if !isOpen {
                guard let found = snapshot else {
                    guard !isLookedUp else { return failedToEnter(index) }
                    allowances.turns.spend(Cost.opening)
                    return history.awaitOpening(of: name, token)
                }
                follow(name, found)
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

    /// The state of a room can't be had. The reader comes back.
    private mutating func failedToEnter(_ index: Int) {
        guard connections[index].isInChat else {
            return answer(index, Problem(Self.storeUnavailable), isLast: true)
        }
        close(index, .tryAgainLater, Self.storeUnavailable.reason)
    }

    /// The response begins. False if it is a refusal after all.
    private mutating func begin(_ index: Int, _ opening: StreamOpening) -> Bool {
        guard life == .serving else {
            answer(index, .stopping, isLast: true)
            return false
        }
        if let holder = opening.holder {
            if let refusal = identities.objection(to: holder, at: clock.wall.milliseconds) {
                answer(index, Problem(Self.answer(to: refusal)), isLast: true)
                return false
            }
            hold(index, holder)
        }
        counts.eventStreamsOpened += 1
        respondWithStream(index, fields: opening.fields)
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
        let start: JoinStart =
            place.map { .resume(epoch: $0.epoch.text, seq: $0.seq) } ?? .last(lines)
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
