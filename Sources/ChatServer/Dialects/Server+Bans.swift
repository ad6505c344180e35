internal import Chat
internal import Identity
internal import Reactor
internal import WebSocket

/// People that moderators keep out, or silent.
extension Server where Net: ~Copyable {
    /// A connection as bans see it, with the name that it has or wants in a room.
    @inline(__always)
    private func visitor(_ index: Int, in room: RoomName, as username: String?) -> Visitor {
        let author = author(index, in: room)
        return Visitor(
            user: author.user, username: username,
            origin: addresses.origins.origin(connections.token(at: index)), badge: author.badge)
    }

    /// The refusal of a client that is banned from a room. Nil if it may come in.
    @inline(__always)
    mutating func ban(of index: Int, in room: RoomName, as username: String?) -> Refusal? {
        guard !hub.bans.isEmpty else { return nil }
        let name = username.map { ChatText.trimmed($0) } ?? name(index, orElse: nil)
        return hub.bans.ban(of: visitor(index, in: room, as: name), in: room, at: clock.wall)
    }

    /// Throws if a client may not say a line. The room is that of a client of the plain dialect if
    /// it is nil. A name is checked when it is new.
    @inline(__always)
    mutating func checkSpeaks(
        _ index: Int, in room: RoomName?, as username: String?
    ) throws(Refusal) {
        guard !hub.bans.isEmpty else { return }
        try checkSpeaksClosely(index, in: room, as: username)
    }

    @inline(never)
    private mutating func checkSpeaksClosely(
        _ index: Int, in room: RoomName?, as username: String?
    ) throws(Refusal) {
        let member = MemberID(index: index)
        let id: MembershipID?
        if let room {
            id = try hub.membership(of: member, in: room).id
        } else {
            id = hub.firstMembership(of: member)
        }
        guard let id else { return }
        let name = hub.name(of: hub.room(of: id))
        // As the line will bear it.
        let username = username.map { ChatText.trimmed($0) }
        let isNew = username.map { hub.isRenaming(id, to: $0) } ?? false
        guard isNew || hub.bans.hasTimeouts(in: name) else { return }
        let visitor = visitor(index, in: name, as: username ?? hub.membership(id).username)
        if isNew, let ban = hub.bans.ban(of: visitor, in: name, at: clock.wall) { throw ban }
        if let timeout = hub.bans.timeout(of: visitor, in: name, at: clock.wall) { throw timeout }
    }

    /// Throws if somebody who is here, and whom a ban is for, isn't below its author.
    mutating func checkRank(
        _ order: BanOrder, in room: RoomName, by author: Author
    ) throws(Refusal) {
        guard let rank = author.badge, author.moderates else { throw .notModerator }
        let isBetter = identities.contains { index in
            let other = identities.author(index, in: room)
            guard let badge = other.badge, badge >= rank else { return false }
            return switch order.who {
            case .user(let user): other.user?.hasSameBytes(as: user) ?? false
            case .username(let name):
                identities.name(index).map { BanTarget(.name, username: name).isCalled($0) }
                    ?? false
            case .line: false
            }
        }
        if isBetter { throw .betterRank }
    }

    // MARK: Taking effect

    /// The bans that the store has kept. Those that are here already are looked at.
    mutating func bansArrived(_ bans: [OrdererOpening.StoredBan]) {
        hub.replaceBans(bans, at: clock.wall)
        guard !hub.bans.isEmpty else { return }
        for index in 0..<connections.endIndex where isPresent(index) { leaveBanned(index) }
    }

    /// A change of a room, or of the server, takes effect on its people and their words. It may
    /// come again.
    mutating func bansChanged(_ change: RoomChange, in room: RoomName) {
        switch change.kind {
        case .banned(let ban):
            hub.banned(ban, in: room)
            let met = room == .everywhere ? metEverywhere(by: ban) : met(by: ban, in: room)
            history.changes.met(met.count, in: room, rev: change.rev)
            guard !ban.isTimeout else { break }
            let refusal = Refusal.banned(ban)
            for index in met where isPresent(index) {
                if room == .everywhere {
                    close(index, .banned, refusal.reason)
                } else {
                    leave(index, room, refusal)
                }
            }
        case .unbanned(let bans): for ban in bans { hub.unbanned(ban, in: room) }
        case .restored(let restored): if let ban = restored.ban { hub.unbanned(ban, in: room) }
        case .deleted, .settings, .purged, .terms, .approved, .rejected, .past: break
        }
        heldChanged(change, in: room)
        if let terms = change.terms { hub.set(terms, in: room) }
        guard history.isInPlace else { return }
        hub.keep(room, lastRev: change.rev, change.settings)
        if supervision.tellsLines, let observer = supervision.observer {
            observer.changed(change, in: room)
        }
    }

    @inline(__always)
    private func isPresent(_ index: Int) -> Bool {
        connections.isUsed(index) && connections.isServed(index) && connections[index].isInChat
    }

    private mutating func met(by ban: Ban, in name: RoomName) -> [Int] {
        guard let room = hub.room(named: name) else { return [] }
        return hub.seats(of: room).compactMap { seat in
            let username = hub.membership(seat.membership).username
            return ban.meets(visitor(seat.member.index, in: name, as: username))
                ? seat.member.index : nil
        }
    }

    private mutating func metEverywhere(by ban: Ban) -> [Int] {
        (0..<connections.endIndex).filter { index in
            guard isPresent(index) else { return false }
            let memberships = hub.memberships(of: MemberID(index: index))
            guard !memberships.isEmpty else {
                return ban.meets(
                    visitor(index, in: .everywhere, as: name(index, orElse: nil)))
            }
            return memberships.contains { id in
                let room = hub.name(of: hub.room(of: id))
                return ban.meets(visitor(index, in: room, as: hub.membership(id).username))
            }
        }
    }

    /// A client leaves the rooms that it is banned from.
    mutating func leaveBanned(_ index: Int) {
        guard !hub.bans.isEmpty else { return }
        for id in hub.memberships(of: MemberID(index: index)) {
            let room = hub.name(of: hub.room(of: id))
            if let ban = ban(of: index, in: room, as: hub.membership(id).username) {
                leave(index, room, ban)
            }
        }
    }

    /// A client is banned from one of its rooms. If that was the last one, it is closed.
    private mutating func leave(_ index: Int, _ room: RoomName, _ ban: Refusal) {
        guard let (_, id) = try? hub.membership(of: MemberID(index: index), in: room) else {
            return
        }
        leaveRoom(index, id)
        if connections[index].isRich {
            enqueueEvent(index, lane: .lines) {
                EventWriter.left(
                    id: nil, room: room, code: ban.code, reason: ban.reason, into: &$0)
            }
        }
        if hub.firstMembership(of: MemberID(index: index)) == nil {
            close(index, .banned, ban.reason)
        }
    }
}
