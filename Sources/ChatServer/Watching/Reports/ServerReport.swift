internal import Chat
internal import Reactor

/// Writes the event `server`: the figures of a server, as far as its reader may see them.
struct ServerReport {
    /// How often something has ended or was refused for the same reason.
    struct Sum: Equatable {
        let kind: String
        let code: String
        var count: Int
        /// The last time.
        let last: Timestamp
    }

    let id: String?
    let reach: Reach
    let figures: Figures
    /// The rooms that may be seen.
    let rooms: RoomFigures
    /// Samples that are told. Nil if none are wanted.
    var samples: [Samples.Sample]?

    func event<Net: Network & ~Copyable>(of server: borrowing Server<Net>) -> [UInt8] {
        var json = JSONText()
        json.beginObject()
        json.field("type", "server")
        if let id { json.field("id", id) }
        json.field("scope", reach.isEverything ? "server" : "rooms")
        json.field("server", "hubbub/\(figures.version)")
        json.field("time", figures.now)
        json.field("durable", figures.history.store != nil)
        if reach.isEverything {
            json.field("state", server.life == .serving ? "serving" : "stopping")
            json.field(
                "uptime_ms", max(figures.now.milliseconds - figures.started.milliseconds, 0))
            json.field("work_ms", figures.counts.ticks.sum / 1_000_000)
            writeConnections(to: &json)
            writeTraffic(to: &json)
            writeHistory(server.history.trouble(at: server.clock.coarse), to: &json)
            writeMemory(to: &json)
            writeIncidents(Self.sums(of: server.monitor.incidents), to: &json)
            writeLimits(to: &json)
            writeLaggards(of: server, to: &json)
            if let samples { Self.write(samples, to: &json) }
        }
        writeRooms(to: &json)
        json.end()
        return json.bytes
    }

    /// The last incidents by their reasons, the most frequent first.
    static func sums(of incidents: RecentIncidents) -> [Sum] {
        var places: [Incident.Kind: Int] = [:]
        var sums: [Sum] = []
        for incident in incidents.latest {
            let kind = incident.reason
            if let place = places[kind] {
                sums[place].count += 1
                continue
            }
            places[kind] = sums.count
            let isOther = kind != incident.kind
            sums.append(
                Sum(
                    kind: incident.kindText, code: isOther ? "other" : incident.code, count: 1,
                    last: incident.time))
        }
        return sums.sorted { ($0.count, $0.last) > ($1.count, $1.last) }
    }
}
