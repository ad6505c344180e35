internal import Chat
internal import Reactor

/// Writes the event `inspect` of a room, for its moderators.
enum RoomReport {
    /// People, and lines that wait, that are named.
    static let people = 100
    static let held = 50
    /// Lines that are shown of those in memory.
    static let lines: UInt64 = 30

    static func event<Net: Network & ~Copyable>(
        of server: borrowing Server<Net>, room name: RoomName, id: String?
    ) -> [UInt8] {
        var json = JSONText()
        json.beginObject()
        json.field("type", "inspect")
        if let id { json.field("id", id) }
        json.field("room", name.text)
        if let room = server.hub.room(named: name) {
            write(room, name, of: server, to: &json)
        } else {
            json.field("members", 0)
            if server.history.isInPlace {
                let settings = server.hub.keptSettings(of: name)
                json.field("settings", json: EventWriter.text(of: settings))
            }
        }
        let waiting = server.hub.held.lines(in: name)
        json.field("held_count", waiting.count)
        json.beginArray("held")
        for line in waiting.prefix(held) {
            var event: [UInt8] = []
            EventWriter.held(line, into: &event)
            json.field(nil, json: event)
        }
        json.end()
        json.end()
        return json.bytes
    }

    private static func write<Net: Network & ~Copyable>(
        _ room: RoomID, _ name: RoomName, of server: borrowing Server<Net>,
        to json: inout JSONText
    ) {
        let found = server.hub.room(room)
        let members = server.hub.memberCount(of: room)
        json.field("members", server.hub.totalCount(of: room))
        json.field("behind", members - server.hub.headCount(of: room))
        if let epoch = found.epoch { json.field("epoch", epoch.text) }
        json.field("seq", found.lastSeq)
        json.field("rev", found.lastRev)
        json.field("oldest", found.oldest)
        json.field("log_bytes", server.streams[room].log.bytes)
        json.field("settings", json: EventWriter.text(of: server.hub.settings(of: room)))
        json.beginArray("people")
        // Those that are behind have the last seats.
        for seat in found.seats.suffix(people).reversed() {
            write(seat, of: name, server, to: &json)
        }
        json.end()
        json.beginArray("lines")
        for line in lines(of: room, name, server) { json.field(nil, json: line) }
        json.end()
    }

    private static func write<Net: Network & ~Copyable>(
        _ seat: Seat, of room: RoomName, _ server: borrowing Server<Net>, to json: inout JSONText
    ) {
        let index = seat.member.index
        json.beginObject()
        json.field(
            "connection",
            server.addresses.origins.name(of: server.connections.token(at: index)))
        if let name = server.hub.membership(seat.membership).username {
            json.field("username", name)
        }
        let author = server.identities.author(index, in: room)
        if let user = author.user { json.field("user", user) }
        if let badge = author.badge { json.field("role", badge.name) }
        let behind = ConnectionReport.behind(seat.membership, server.hub)
        if let behind { json.field("behind", behind) }
        json.end()
    }

    /// The last lines that are in memory, as members got them.
    private static func lines<Net: Network & ~Copyable>(
        of room: RoomID, _ name: RoomName, _ server: borrowing Server<Net>
    ) -> [[UInt8]] {
        var lines: [[UInt8]] = []
        let last = server.hub.lastSeq(of: room)
        var next = last - min(last, Self.lines) + 1
        while next <= last, let batch = server.streams[room].log.batch(covering: next) {
            server.outbox.pool.read(batch.chunks.plain) { bytes in
                Frames.forEachLine(in: bytes, room: name) { seq, event in
                    if seq >= next { lines.append((0..<event.count).map { event[$0] }) }
                }
            }
            next = batch.lastSeq + 1
        }
        return lines
    }
}
