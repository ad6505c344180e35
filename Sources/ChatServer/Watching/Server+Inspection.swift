internal import Chat
internal import Reactor

extension Server where Net: ~Copyable {
    /// Walks over everything: for tests alone.
    package func inspect() -> Inspection {
        var found = Inspection()
        found.connections = connections.count
        found.rooms = hub.roomCount
        found.waitingBytes = pool.waitingBytes
        found.keptBytes = pool.bytes - ownBytes
        found.chunks = pool.count
        found.roomLogBytes = roomLogs.map(\.bytes).max() ?? 0
        found.recentSends = hub.sends.count
        inspectHistory(&found)
        var (blocked, refused, members) = (0, 0, 0)
        for index in 0..<connections.endIndex where connections.isUsed(index) {
            let flags = connections[index].flags
            if flags.contains(.blocked) { blocked += 1 }
            if flags.contains(.refused) { refused += 1 }
            switch connections[index].phase {
            case .head, .content, .closing, .lingering: break
            case .open:
                found.sessions += 1
                found.lineBytes = max(found.lineBytes, Int(connections[index].outbound.lineBytes))
                found.controlBytes = max(
                    found.controlBytes, Int(connections[index].outbound.controlBytes))
                if !connections[index].outbound.isEmpty { found.waitingSessions += 1 }
            }
        }
        for case let room? in hub.rooms {
            for seat in room.seats where !connections[seat.member.index].flags.contains(.rich) {
                members += 1
            }
        }
        var (plain, waiting) = (0, 0)
        for index in 0..<connections.endIndex where connections.isUsed(index) {
            let flags = connections[index].flags
            if connections[index].phase == .open, !flags.contains(.rich) { plain += 1 }
            if flags.contains(.awaits) != (connections[index].rare?.waiting != nil) {
                found.contradictions.append("connection \(index) waits for nothing")
            }
            if flags.contains(.feeds) { waiting += 1 }
            let isBehind = flags.contains(.behind)
            if isBehind != hub.isBehind(MemberID(index: index)) {
                found.contradictions.append("member \(index) behind: \(isBehind)")
            }
        }
        func check(_ name: String, _ count: Int, is truth: Int) {
            if count != truth { found.contradictions.append("\(name) is \(count), not \(truth)") }
        }
        check("openSessions", openSessions, is: found.sessions)
        check("plain members", members, is: plain)
        if waiting > feeding.count {
            found.contradictions.append("\(waiting) are to be fed, \(feeding.count) on the list")
        }
        check("blockedCount", blockedCount, is: blocked)
        check("refusing", refusing, is: refused)
        // One that was sealed early, because somebody left, keeps its place until the next tick.
        let held = roomLogs.count { $0.batch != nil }
        if held > openBatches {
            found.contradictions.append("\(held) batches are held, \(openBatches) on the list")
        }
        check("warmRooms", warmRooms.count, is: Set(warmRooms).count)
        return found
    }

    private func inspectHistory(_ found: inout Inspection) {
        guard let history else { return }
        found.drafts = history.commits.count
        found.draftBytes = history.commits.bytes
        found.readsUnderWay = history.readsUnderWay
        found.arrivedPages = arrivedPages.count
        var waiting = history.openings.values.flatMap(\.tokens)
        found.waitingForStore = waiting.count
        for read in history.reads.values {
            found.waitingForStore += read.readers.count
            for case .command(let token) in read.readers { waiting.append(token) }
        }
        let known = Set(waiting)
        for index in 0..<connections.endIndex where connections.isUsed(index) {
            let awaits = connections[index].flags.contains(.awaits)
            if awaits, connections[index].phase == .open,
                !known.contains(connections.token(at: index))
            {
                found.contradictions.append("nobody answers connection \(index)")
            }
        }
    }
}
