internal import Chat
internal import Reactor

/// The parts of the event `server`.
extension ServerReport {
    /// Laggards that are told.
    private static let laggards = 20

    func writeConnections(to json: inout JSONText) {
        let (connections, counts) = (figures.connections, figures.counts)
        json.beginObject("connections")
        json.field("open", connections.open)
        json.field("limit", connections.limit)
        json.beginObject("states")
        for state in ConnectionState.allCases {
            json.field(state.rawValue, connections.states[state])
        }
        json.end()
        json.field("chats", connections.states[.plain] + connections.states[.rich])
        json.field("identified", connections.identified)
        json.field("lagging", connections.laggards)
        json.field("refusing", connections.refusing)
        json.field("accepted", counts.connectionsAccepted)
        json.field("refused", counts.connectionsRefused)
        json.field("closed", counts.connectionsClosed)
        json.field("laggards_closed", counts.laggardsClosed)
        json.end()
    }

    func writeTraffic(to json: inout JSONText) {
        let counts = figures.counts
        json.beginObject("traffic")
        json.field("lines", counts.linesReceived)
        json.field("deliveries", counts.linesDelivered)
        json.field("refusals", counts.refusals.values.reduce(0, +))
        json.field("bytes_received", counts.bytesReceived)
        json.field("bytes_sent", counts.bytesSent)
        json.field("gaps", counts.gaps)
        json.end()
    }

    /// - Parameter trouble: why nothing can be stored, if that is so.
    func writeHistory(_ trouble: String?, to json: inout JSONText) {
        json.beginObject("history")
        json.field("ready", figures.history.isReady)
        if let trouble { json.field("trouble", trouble) }
        json.field("failures", figures.counts.storeFailures)
        json.field("committing", figures.history.committing)
        if let store = figures.history.store {
            json.field("lines_stored", store.linesStored)
            json.field("last_commit_us", store.lastCommitNanoseconds / 1_000)
            json.field(
                "mean_commit_us", store.commits.sum / max(store.commits.count, 1) / 1_000)
            json.field("bytes", store.databaseBytes)
            json.field("wal_bytes", store.walBytes)
            json.field("used_bytes", store.usedBytes)
            json.field("limit_bytes", store.limitBytes)
            json.field("free_bytes", store.freeBytes)
            if let oldest = store.oldestLine { json.field("oldest", oldest) }
        }
        json.end()
    }

    func writeMemory(to json: inout JSONText) {
        json.beginObject("memory")
        json.field("budget", figures.memoryBudget)
        json.field("counted", figures.memoryBytes)
        json.beginObject("kinds")
        for (kind, bytes) in figures.memory { json.field(kind.rawValue, bytes) }
        json.end()
        json.end()
    }

    func writeIncidents(_ sums: [Sum], to json: inout JSONText) {
        json.beginArray("incidents")
        for sum in sums {
            json.beginObject()
            json.field("kind", sum.kind)
            json.field("code", sum.code)
            json.field("count", sum.count)
            json.field("last", sum.last)
            json.end()
        }
        json.end()
    }

    func writeLimits(to json: inout JSONText) {
        json.beginArray("limits")
        for limit in figures.changedLimits {
            json.beginObject()
            json.field("name", limit.name)
            json.field("value", limit.value)
            json.field("default", limit.standard)
            json.end()
        }
        json.end()
    }

    /// A laggard may have ended since it was seen.
    func writeLaggards<Net: Network & ~Copyable>(
        of server: borrowing Server<Net>, to json: inout JSONText
    ) {
        json.beginArray("laggards")
        for laggard in figures.rooms.laggards.prefix(Self.laggards)
        where server.connections.isUsed(laggard.connection) {
            let token = server.connections.token(at: laggard.connection)
            json.beginObject()
            json.field("connection", server.addresses.origins.name(of: token))
            json.field("room", laggard.room.text)
            json.field("behind", laggard.lines)
            json.end()
        }
        json.end()
    }

    func writeRooms(to json: inout JSONText) {
        json.beginObject("rooms")
        if reach.isEverything {
            json.field("open", figures.roomCount)
            json.field("behind", rooms.behind)
        }
        json.beginArray("top")
        var told: Set<RoomName> = []
        for room in rooms.largest + rooms.busiest where told.insert(room.name).inserted {
            json.beginObject()
            json.field("room", room.name.text)
            json.field("members", room.members)
            json.field("behind", room.behind)
            json.field("lines_per_second", tenths: Int(room.linesPerSecond * 10))
            json.end()
        }
        json.end()
        json.end()
    }

    /// Each sample is a row of numbers.
    static func write(_ samples: [Samples.Sample], to json: inout JSONText) {
        json.beginObject("samples")
        json.beginArray("fields")
        for name in [
            "time", "connections", "chats", "rooms", "lines", "deliveries", "refusals", "closes",
            "laggards", "memory", "busy", "commit_us",
        ] {
            json.field(nil, name)
        }
        json.end()
        json.beginArray("rows")
        for sample in samples {
            json.beginArray()
            json.field(nil, sample.time.milliseconds)
            for count in [sample.connections, sample.chats, sample.rooms] {
                json.field(nil, count)
            }
            for rate in [sample.lines, sample.deliveries, sample.refusals, sample.closes] {
                json.field(nil, tenths: rate)
            }
            json.field(nil, sample.laggards)
            json.field(nil, sample.memory)
            json.field(nil, tenths: sample.busy)
            json.field(nil, sample.commit)
            json.end()
        }
        json.end()
        json.end()
    }
}
