internal import Chat
package import Reactor
internal import WebSocket

extension Inspection {
    /// Visits everything. Only for tests.
    package init<Net: Network & ~Copyable>(of server: borrowing Server<Net>) {
        self.init()
        connections = server.connections.count
        rooms = server.hub.roomCount
        waitingBytes = server.outbox.pool.waitingBytes
        keptBytes = server.outbox.pool.bytes - server.outbox.ownBytes
        chunks = server.outbox.pool.count
        roomLogBytes = server.streams.largestLog
        recentSends = server.hub.sends.count
        inspectHistory(of: server)
        inspectContexts(of: server)
        accountedBytes = server.accountedBytes
        var (blocked, refused, members, kept) = (0, 0, 0, 0)
        var states = StateCounts()
        for index in 0..<server.connections.endIndex where server.connections.isUsed(index) {
            let flags = server.connections[index].flags
            if flags.contains(.blocked) { blocked += 1 }
            if flags.contains(.refused) { refused += 1 }
            kept += server.connections.keptBytes(index)
            states.entered(server.connections[index].phase.state)
            switch server.connections[index].phase {
            case .http, .lingering: break
            case .webSocket(let webSocket) where webSocket.hasLeft: break
            case .eventStream(let stream) where stream.hasLeft: break
            case .webSocket, .eventStream:
                sessions += 1
                lineBytes = max(lineBytes, Int(server.connections[index].outbound.lineBytes))
                controlBytes = max(
                    controlBytes, Int(server.connections[index].outbound.controlBytes))
                if !server.connections[index].outbound.isEmpty { waitingSessions += 1 }
            }
        }
        for case let room? in server.hub.rooms {
            for seat in room.seats where !server.connections[seat.member.index].isRich {
                members += 1
            }
        }
        var (plain, waiting) = (0, 0)
        for index in 0..<server.connections.endIndex where server.connections.isUsed(index) {
            let flags = server.connections[index].flags
            if server.connections[index].isInChat, !server.connections[index].isRich { plain += 1 }
            if flags.contains(.feeds) { waiting += 1 }
        }
        func check(_ name: String, _ count: Int, is truth: Int) {
            if count != truth { contradictions.append("\(name) is \(count), not \(truth)") }
        }
        let counted = server.connections.sessions + server.connections.states[.stream]
        check("openSessions", counted, is: sessions)
        check("plain members", members, is: plain)
        if waiting > server.feeder.listed {
            contradictions.append("\(waiting) are to be fed, \(server.feeder.listed) on the list")
        }
        check("blockedCount", server.connections.blocked, is: blocked)
        check("kept bytes", server.connections.keptBytes, is: kept)
        check("refusing", server.connections.refusing, is: refused)
        for state in ConnectionState.allCases {
            check("state \(state)", server.connections.states[state], is: states[state])
        }
        let memory = Figures.memory(of: server).reduce(0) { $0 + $1.bytes }
        check("memory by kind", memory, is: server.accountedBytes)
        // A batch that was sealed early, because a member left, stays on the list until the next
        // tick.
        let held = server.streams.roomsWithBatch
        if held > server.streams.openBatches {
            contradictions.append(
                "\(held) batches are held, \(server.streams.openBatches) on the list")
        }
        for (index, room) in server.hub.rooms.enumerated() where room == nil {
            if server.streams.keepsAnything(of: RoomID(rawValue: UInt32(index))) {
                contradictions.append("room \(index) has vanished, and something is kept of it")
            }
        }
        check(
            "warmRooms", server.streams.warm.rooms.count, is: Set(server.streams.warm.rooms).count)
    }

    private mutating func inspectContexts<Net: Network & ~Copyable>(
        of server: borrowing Server<Net>
    ) {
        let counted = server.connections.contexts
        (contexts, contextBytes) = (counted.count, counted.bytes)
        promisedContextBytes = counted.promisedBytes
        var (count, bytes, promised) = (0, 0, 0)
        for index in 0..<server.connections.endIndex where server.connections.isUsed(index) {
            let used = server.connections[index].session.contextBytes
            let windowBits = server.connections[index].contextBits
            let most = windowBits.map(DeflateParameters.contextBytes) ?? 0
            if used > most { contradictions.append("\(used) bytes of context, \(most) may be") }
            count += used > 0 ? 1 : 0
            bytes += used
            promised += most
        }
        if (count, bytes, promised) != (contexts, contextBytes, promisedContextBytes) {
            contradictions.append(
                "contexts are \(count), \(bytes) bytes of \(promised), not \(counted)")
        }
    }

    private mutating func inspectHistory<Net: Network & ~Copyable>(
        of server: borrowing Server<Net>
    ) {
        let history = server.history
        drafts = history.commits.count
        draftBytes = history.commits.bytes
        readsUnderWay = history.reads.underWay
        arrivedPages = server.feeder.arrivedPages
        names = server.identities.names.count + server.identities.names.passedCount
        var waiting = history.openings.tokens
        waitingForStore = waiting.count
        for read in history.reads.reads.values {
            waitingForStore += read.readers.count
            for case .command(let token) in read.readers { waiting.append(token) }
        }
        let known = Set(waiting + server.identities.waiting)
        for index in 0..<server.connections.endIndex where server.connections.isUsed(index) {
            let awaits =
                server.connections[index].waiting != nil
                && server.connections[index].rare?.answering != .piece
                && server.history.nextAnswers == .never
            if awaits, server.connections[index].isInChat,
                !known.contains(server.connections.token(at: index))
            {
                contradictions.append("nobody answers connection \(index)")
            }
        }
    }
}
