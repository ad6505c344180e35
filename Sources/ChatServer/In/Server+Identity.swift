internal import Chat
internal import Identity
internal import Reactor
internal import WebSocket

/// Who the clients are: guests, and holders of tokens.
extension Server where Net: ~Copyable {
    /// A chat has opened. Returns whether the client may be in it; if not, it is closed.
    mutating func introduced(
        _ index: Int, _ introduction: Introduction, _ dialect: Dialect, in room: RoomName
    ) -> Bool {
        switch introduction {
        case .guest where identities.demand != .required: return true
        // It has time to send a token.
        case .guest where dialect == .rich:
            identities.expect(index, within: limits.handshakeTimeout, at: clock.now)
            connections.identified(index)
            return true
        case .guest: close(index, .notAuthorized, "This server takes no guests.")
        case .refused(let refusal, _):
            close(
                index, refusal.isExpiry ? .expired : .notAuthorized,
                Self.answer(to: refusal).reason)
        case .holder(let holder, _) where dialect == .plain && holder.rights.role(in: room) == nil:
            close(index, .notAuthorized, "This room is closed to you.")
        case .holder(let holder, _):
            hold(index, holder)
            return true
        }
        return false
    }

    mutating func hold(_ index: Int, _ holder: Principal) {
        counts.tokensAccepted += 1
        identities.hold(index, holder, for: lifeLeft(holder), at: clock.now)
        connections.identified(index)
    }

    /// Milliseconds until the holder's token ends.
    @inline(__always)
    func lifeLeft(_ holder: Principal) -> UInt64 {
        UInt64(max(holder.expiry - clock.wall.milliseconds, 0))
    }

    @inline(__always)
    func described(_ holder: Principal) -> EventWriter.Identity {
        EventWriter.Identity(
            sub: holder.sub, name: holder.name, role: holder.role.name,
            timeLeft: lifeLeft(holder))
    }

    /// The first event for a client that isn't just a guest.
    mutating func welcome(_ index: Int) {
        var identity: EventWriter.Identity?
        if let holder = identities.holder(index, at: clock.now, wall: clock.wall.milliseconds) {
            identity = described(holder)
        }
        let (limits, isDurable) = (limits, !history.isInPlace)
        enqueueEvent(index, lane: .control) {
            WireRules.welcome(limits, isDurable: isDurable, you: identity, into: &$0)
        }
    }

    /// The name that a line of the client bears: that of its token, or else the one that it gives.
    @inline(__always)
    func name(_ index: Int, orElse given: String?) -> String? {
        guard connections[index].flags.contains(.identified) else { return given }
        return identities.name(index) ?? given
    }

    /// What a line of the client in a room shows of it.
    @inline(__always)
    func author(_ index: Int, in room: RoomName) -> Author {
        guard connections[index].flags.contains(.identified) else { return .guest }
        return identities.author(index, in: room)
    }

    /// The same for a client of the plain dialect, which is in one room.
    mutating func author(_ index: Int) -> Author {
        guard connections[index].flags.contains(.identified),
            let membership = hub.firstMembership(of: MemberID(index: index))
        else { return .guest }
        return author(index, in: hub.name(of: hub.room(of: membership)))
    }

    /// Throws if the client must say first who it is.
    @inline(__always)
    func check(_ index: Int, _ command: Command) throws(Refusal) {
        if case .auth = command { return }
        guard identities.isHolder(index) else { throw .tokenMissing }
    }

    /// Throws if the room is closed to the client.
    @inline(__always)
    func checkOpen(_ index: Int, _ room: RoomName) throws(Refusal) {
        guard connections[index].flags.contains(.identified),
            let rights = identities.rights(index), rights.role(in: room) == nil
        else { return }
        throw .closedRoom(room)
    }

    /// A client has another token. It leaves rooms that are closed now, and has its name in the
    /// others.
    mutating func rightsChanged(_ index: Int, _ holder: Principal) {
        for membership in Array(hub.memberships(of: MemberID(index: index))) {
            let room = hub.room(of: membership)
            let name = hub.name(of: room)
            if holder.rights.role(in: name) == nil {
                leaveRoom(index, membership)
                enqueueEvent(index, lane: .lines) {
                    EventWriter.left(id: nil, room: name, code: .forbidden, into: &$0)
                }
            } else if let username = holder.name {
                hub.renamed(membership, username)
                noteName(index, membership)
                noticePresence(of: room)
            } else {
                noteName(index, membership)
            }
        }
    }

    // MARK: Time

    /// Tells clients that their tokens end soon, and takes leave of those whose token has ended.
    mutating func takeIdentitySteps() {
        while let (index, step) = identities.takeStep(at: clock.now, clock.coarse) {
            guard connections.isServed(index), connections[index].isInChat else { continue }
            switch step {
            case .expiring(let timeLeft):
                guard connections[index].isRich else { continue }
                enqueueReply(index) { EventWriter.authExpiring(timeLeft: timeLeft, into: &$0) }
            case .expired: expired(index)
            case .silent: close(index, .notAuthorized, Refusal.tokenMissing.reason)
            }
        }
    }

    /// A token has ended. Its holder is a guest from now on, and chooses a name again, or is closed
    /// if there are no guests.
    private mutating func expired(_ index: Int) {
        counts.identitiesExpired += 1
        // A stream can't renew its token. Its reader comes back with another one.
        guard identities.demand != .required, !connections[index].isEventStream else {
            return close(index, .expired, Refusal.tokenExpired.reason)
        }
        identities.release(index)
        connections.becameGuest(index)
        for membership in Array(hub.memberships(of: MemberID(index: index))) {
            hub.unnamed(membership)
            identities.names.left(membership)
            noticePresence(of: hub.room(of: membership))
        }
        if connections[index].isRich {
            enqueueReply(index) { EventWriter.error(.tokenExpired, id: nil, into: &$0) }
        }
        leaveBanned(index)
    }

    // MARK: Names

    /// Throws if a client can't have this name in a room (``NameGuard``). Nil as the name if it
    /// keeps the one that it has there. A name that is wrong in itself is refused elsewhere.
    @inline(__always)
    mutating func checkName(
        _ index: Int, _ name: String?, in room: RoomName
    ) throws(Refusal) {
        guard identities.names.isOn else { return }
        try reallyCheckName(index, name, in: room)
    }

    @inline(never)
    private mutating func reallyCheckName(
        _ index: Int, _ name: String?, in room: RoomName
    ) throws(Refusal) {
        let isUser = connections[index].flags.contains(.identified)
        guard !isUser || identities.name(index) == nil else { return }
        let found = hub.room(named: room)
        let id = found.flatMap { hub.membership(of: MemberID(index: index), in: $0) }
        guard let given = name ?? id.flatMap({ hub.membership($0).username }),
            let checked = try? ChatText.checkedUsername(given, limits: limits.chat)
        else { return }
        let sub = isUser ? identities.sub(index) : nil
        guard identities.names.refuses(checked, of: id, in: found, sub: sub) else { return }
        allowances.turns.spend(Cost.refusal)
        throw .usernameTaken
    }

    /// The same for a client of the plain dialect, with the name of its line.
    @inline(never)
    mutating func checkPlainName(
        _ index: Int, _ fields: PlainFields, in text: Span<UInt8>
    ) throws(Refusal) {
        guard let id = hub.firstMembership(of: MemberID(index: index)) else { return }
        if let place = fields.verbatimUsername,
            identities.names.passes(text.extracting(place), of: id)
        {
            return
        }
        let name = try PlainMessage(fields, in: text).username
        try reallyCheckName(index, name, in: hub.name(of: hub.room(of: id)))
    }

    /// A client may have another name in a room, or be another one. If it is a user, no guest can
    /// take its name there.
    @inline(__always)
    mutating func noteName(_ index: Int, _ id: MembershipID) {
        guard connections[index].flags.contains(.identified) else { return }
        guard let sub = identities.sub(index),
            let name = identities.name(index) ?? hub.membership(id).username
        else { return identities.names.left(id) }
        identities.names.named(id, in: hub.room(of: id), name, sub: sub)
    }

    /// The same for a room in which it may be.
    mutating func noteName(_ index: Int, in room: RoomID) {
        guard connections[index].flags.contains(.identified),
            let id = hub.membership(of: MemberID(index: index), in: room)
        else { return }
        noteName(index, id)
    }
}
