internal import Chat
internal import Reactor

/// The parts of the event `server`.
extension ServerReport {
    static func writeState<Net: Network & ~Copyable>(
        _ server: borrowing Server<Net>, to json: inout JSONText
    ) {
        json.field("state", server.life == .serving ? "serving" : "stopping")
        json.field(
            "uptime_ms",
            server.clock.now.milliseconds - server.overview.began.milliseconds)
        // A server that waits has no recent load.
        json.field("busy", tenths: Int(server.clock.load * 1_000 / 1_024))
    }

    static func writeConnections<Net: Network & ~Copyable>(
        _ server: borrowing Server<Net>, to json: inout JSONText
    ) {
        json.beginObject("connections")
        json.field("open", server.connections.count)
        json.field("limit", server.limits.connections)
        json.field("chats", server.connections.sessions)
        json.field("identified", server.identities.count)
        json.field("lagging", server.connections.blocked)
        json.field("refusing", server.connections.refusing)
        json.field("accepted", server.counts.connectionsAccepted)
        json.field("refused", server.counts.connectionsRefused)
        json.field("closed", server.counts.connectionsClosed)
        json.field("laggards_closed", server.counts.laggardsClosed)
        json.end()
    }

    static func writeTraffic<Net: Network & ~Copyable>(
        _ server: borrowing Server<Net>, to json: inout JSONText
    ) {
        json.beginObject("traffic")
        json.field("lines", server.counts.linesReceived)
        json.field("deliveries", server.outbox.linesSent)
        json.field("refusals", server.counts.refusals.values.reduce(0, +))
        json.field("bytes_received", server.counts.bytesReceived)
        json.field("bytes_sent", server.outbox.bytesSent)
        json.field("gaps", server.feeder.gaps)
        json.end()
    }

    static func writeHistory<Net: Network & ~Copyable>(
        _ server: borrowing Server<Net>, to json: inout JSONText
    ) {
        json.beginObject("history")
        let trouble = server.history.trouble(at: server.clock.coarse)
        json.field("ready", trouble == nil)
        if let trouble { json.field("trouble", trouble) }
        json.field("failures", server.counts.storeFailures)
        json.field("committing", server.history.commits.count)
        if let store = server.history.orderer?.metrics {
            json.field("lines_stored", store.linesStored)
            json.field("last_commit_us", store.lastCommitNanoseconds / 1_000)
            json.field(
                "mean_commit_us", store.commitNanoseconds / max(store.groups, 1) / 1_000)
            json.field("bytes", store.databaseBytes)
            json.field("wal_bytes", store.walBytes)
            json.field("used_bytes", store.usedBytes)
            json.field("limit_bytes", store.limitBytes)
            json.field("free_bytes", store.freeBytes)
        }
        json.end()
    }

    static func writeMemory<Net: Network & ~Copyable>(
        _ server: borrowing Server<Net>, to json: inout JSONText
    ) {
        json.beginObject("memory")
        json.field("budget", server.limits.bufferBudget)
        json.field("counted", server.accountedBytes)
        json.field("waiting", server.outbox.pool.waitingBytes)
        json.field("logs", server.outbox.pool.bytes - server.outbox.ownBytes)
        json.field("contexts", server.connections.contexts.bytes)
        json.field("input", server.connections.keptBytes)
        json.field("store", server.history.bytes)
        json.field("rooms", server.hub.bytes)
        json.field("encryption", server.network.heldBytes)
        json.end()
    }

    static func writeEnds<Net: Network & ~Copyable>(
        _ server: borrowing Server<Net>, to json: inout JSONText
    ) {
        json.beginObject("ends")
        json.field("count", server.overview.ends.count)
        json.beginArray("by_reason")
        for sum in server.overview.ends.sums {
            json.beginObject()
            switch sum.reason {
            case .closed(let code):
                json.field("kind", "close")
                json.field("reason", code == 0 ? "other" : "\(code)")
            case .refused(let code):
                json.field("kind", "refusal")
                json.field("reason", code.rawValue)
            case .failed(let outcome):
                json.field("kind", "handshake")
                json.field("reason", outcome.rawValue)
            }
            json.field("count", sum.count)
            json.field("last", sum.time)
            json.field(
                "connection", server.addresses.origins.name(of: sum.connection))
            json.end()
        }
        json.end()
        json.end()
    }

    static func writeLimits<Net: Network & ~Copyable>(
        _ server: borrowing Server<Net>, to json: inout JSONText
    ) {
        json.beginArray("limits")
        for change in server.overview.changes {
            json.beginObject()
            json.field("name", change.name)
            json.field("value", change.value)
            json.field("default", change.standard)
            json.end()
        }
        json.end()
    }

    /// Each sample is a row of numbers.
    static func writeSamples(_ samples: [Samples.Sample], to json: inout JSONText) {
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
            json.field(nil, sample.connections)
            json.field(nil, sample.chats)
            json.field(nil, sample.rooms)
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

    static func writeRooms<Net: Network & ~Copyable>(
        _ server: borrowing Server<Net>, for reach: Reach, to json: inout JSONText
    ) {
        json.beginObject("rooms")
        if reach.isEverything {
            json.field("open", server.hub.roomCount)
            json.beginArray("top")
            for (name, entry) in server.overview.ranking.top { write(entry, name, to: &json) }
        } else {
            json.beginArray("top")
            for entry in server.overview.ranking.best(for: reach, in: server.hub) {
                write(entry, server.hub.name(of: entry.room), to: &json)
            }
        }
        json.end()
        json.end()
    }

    private static func write(
        _ entry: RoomRanking.Entry, _ name: RoomName, to json: inout JSONText
    ) {
        json.beginObject()
        json.field("room", name.text)
        json.field("members", entry.members)
        json.field("behind", entry.behind)
        json.field("lines_per_second", tenths: entry.rate)
        json.end()
    }
}
