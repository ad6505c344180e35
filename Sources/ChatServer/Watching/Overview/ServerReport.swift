internal import Chat
internal import Reactor

/// Writes the event `server`: the figures of a server, as far as its reader may see them.
enum ServerReport {
    /// The event, with the samples that were taken after a time, if any are wanted.
    static func event<Net: Network & ~Copyable>(
        of server: borrowing Server<Net>, id: String?, after: UInt64?, for reach: Reach
    ) -> [UInt8] {
        var json = JSONText()
        json.beginObject()
        json.field("type", "server")
        if let id { json.field("id", id) }
        json.field("scope", reach.isEverything ? "server" : "rooms")
        json.field("server", "hubbub/\(Version.current)")
        json.field("time", server.clock.wall)
        json.field("durable", !server.history.isInPlace)
        if reach.isEverything {
            writeState(server, to: &json)
            writeConnections(server, to: &json)
            writeTraffic(server, to: &json)
            writeHistory(server, to: &json)
            writeMemory(server, to: &json)
            writeEnds(server, to: &json)
            writeLimits(server, to: &json)
            if let after { writeSamples(server.overview.samples.taken(after: after), to: &json) }
        }
        writeRooms(server, for: reach, to: &json)
        json.end()
        return json.bytes
    }
}
