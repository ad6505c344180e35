internal import Chat
internal import Identity
internal import Reactor

/// Writes the event `inspect` of a user or of a connection.
enum ConnectionReport {
    /// Connections of a user that are described.
    static let most = 100

    /// The event about a user: its connections, as far as they may be seen.
    static func event<Net: Network & ~Copyable>(
        of server: borrowing Server<Net>, user: String, id: String?, for reach: Reach
    ) -> [UInt8] {
        var json = begin(id)
        json.field("user", user)
        let found = server.identities.connections(of: user).filter { index in
            isVisible(index, of: server, for: reach)
        }
        json.field("count", found.count)
        json.beginArray("connections")
        for index in found.prefix(most) { write(index, of: server, for: reach, to: &json) }
        json.end()
        json.end()
        return json.bytes
    }

    /// The event about a connection.
    static func event<Net: Network & ~Copyable>(
        of server: borrowing Server<Net>, connection index: Int, id: String?, for reach: Reach
    ) -> [UInt8] {
        var json = begin(id)
        json.beginArray("connections")
        write(index, of: server, for: reach, to: &json)
        json.end()
        json.end()
        return json.bytes
    }

    private static func begin(_ id: String?) -> JSONText {
        var json = JSONText()
        json.beginObject()
        json.field("type", "inspect")
        if let id { json.field("id", id) }
        return json
    }

    /// Whether a connection may be seen: moderators see those in their rooms.
    static func isVisible<Net: Network & ~Copyable>(
        _ index: Int, of server: borrowing Server<Net>, for reach: Reach
    ) -> Bool {
        reach.isEverything
            || server.hub.memberships(of: MemberID(index: index)).contains { id in
                reach.includes(server.hub.name(of: server.hub.room(of: id)))
            }
    }

    /// The number of lines that a member has yet to get. Nil if it is at the head.
    static func behind(_ id: MembershipID, _ hub: borrowing Hub) -> UInt64? {
        guard hub.isBehind(id) else { return nil }
        let (last, cursor) = (hub.lastSeq(of: hub.room(of: id)), hub.membership(id).cursor)
        return last - min(cursor, last)
    }

    private static func write<Net: Network & ~Copyable>(
        _ index: Int, of server: borrowing Server<Net>, for reach: Reach,
        to json: inout JSONText
    ) {
        let token = server.connections.token(at: index)
        json.beginObject()
        json.field("connection", server.addresses.origins.name(of: token))
        let isInChat = server.connections[index].isInChat
        let isRich = server.connections[index].isRich
        json.field("state", isInChat ? (isRich ? "rich" : "plain") : "other")
        let holder = server.identities.holder(
            index, at: server.clock.now, wall: server.clock.wall.milliseconds)
        if let holder {
            json.field("user", holder.sub)
            if let name = holder.name { json.field("name", name) }
            json.field("role", holder.role.name)
        }
        json.field("silent_ms", age(server.connections[index].heard, server.clock.coarse))
        if !server.connections[index].outbound.isEmpty {
            json.field(
                "waiting_bytes",
                Int(server.connections[index].outbound.lineBytes)
                    + Int(server.connections[index].outbound.controlBytes))
            json.field(
                "stalled_ms", age(server.connections[index].progressed, server.clock.coarse))
        }
        if reach.isEverything {
            json.field("encrypted", server.connections[index].socket.isSecured)
            if let holder {
                json.field("ttl_ms", holder.expiry - server.clock.wall.milliseconds)
                json.field("issued_at", holder.issuedAt)
                if let jti = holder.jti { json.field("jti", jti) }
            }
        }
        json.beginArray("rooms")
        for id in server.hub.memberships(of: MemberID(index: index)) {
            let room = server.hub.name(of: server.hub.room(of: id))
            guard reach.includes(room) else { continue }
            json.beginObject()
            json.field("room", room.text)
            if let name = server.hub.membership(id).username { json.field("username", name) }
            if let behind = behind(id, server.hub) { json.field("behind", behind) }
            json.end()
        }
        json.end()
        json.end()
    }

    /// Milliseconds since a moment of the coarse clock.
    private static func age(_ moment: CoarseTime, _ now: CoarseTime) -> UInt64 {
        UInt64(now.steps - min(moment.steps, now.steps)) * CoarseTime.step
    }
}
