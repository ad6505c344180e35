internal import Chat
internal import Reactor
internal import WebSocket

/// The common budget for all memory that clients can make the server take: bytes that wait for
/// them, that are kept for those that fall behind, or that have arrived from them and wait, the
/// contexts of compressed messages, and what rooms, ids and requests to the store take. Each shared
/// chunk counts once.
enum Budget {
    /// How likely a client is to read what waits for it, the least likely first.
    private enum Hope: Int {
        /// Its socket has taken nothing for a while, or nothing has arrived that it promised.
        case none
        /// Its socket takes nothing now.
        case little
        /// It takes what it gets.
        case good
    }

    /// The bytes that count. `others` are those outside of the outbox.
    @inline(__always)
    static func bytes(_ outbox: borrowing Outbox, others: Int) -> Int {
        max(outbox.pool.waitingBytes, outbox.pool.bytes - outbox.ownBytes) + others
    }

    /// Connections that count for something, the ones to be ended first before the others: those
    /// that don't read before those that do, and the ones with most bytes first.
    static func laggards(
        _ connections: borrowing Connections, _ hub: borrowing Hub, at now: CoarseTime
    ) -> [Int] {
        sorted(connections, hub, at: now).map(\.index)
    }

    /// The connections among them that have read nothing for a while.
    static func silent(
        _ connections: borrowing Connections, _ hub: borrowing Hub, at now: CoarseTime
    ) -> [Int] {
        sorted(connections, hub, at: now).prefix { $0.hope == Hope.none.rawValue }.map(\.index)
    }

    private static func sorted(
        _ connections: borrowing Connections, _ hub: borrowing Hub, at now: CoarseTime
    ) -> [(hope: Int, bytes: Int, index: Int)] {
        var laggards: [(hope: Int, bytes: Int, index: Int)] = []
        for index in 0..<connections.endIndex where connections.isUsed(index) {
            let bytes = bytes(of: index, connections, hub)
            guard bytes > 0 else { continue }
            laggards.append((hope(of: index, connections, at: now).rawValue, bytes, index))
        }
        return laggards.sorted { ($0.hope, -$0.bytes) < ($1.hope, -$1.bytes) }
    }

    private static func bytes(
        of index: Int, _ connections: borrowing Connections, _ hub: borrowing Hub
    ) -> Int {
        let waiting =
            Int(connections[index].outbound.lineBytes) + connections[index].outbound.controlCost
        let kept = connections.keptBytes(index) + connections[index].session.contextBytes
        return waiting + kept + hub.bytes(of: MemberID(index: index))
    }

    private static func hope(
        of index: Int, _ connections: borrowing Connections, at now: CoarseTime
    ) -> Hope {
        let patience = Limits.readingPatience
        if !connections[index].outbound.isEmpty {
            guard connections[index].flags.contains(.blocked) else { return .good }
            let progressed = connections[index].progressed
            return progressed.advanced(byMilliseconds: patience) >= now ? .little : .none
        }
        // It may wait for us.
        guard connections.owesBytes(index) else { return .good }
        return connections[index].heard.advanced(byMilliseconds: patience) >= now ? .little : .none
    }
}
