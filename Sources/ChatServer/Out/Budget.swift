internal import Chat
internal import Reactor

/// The common budget for bytes that wait for clients, that are kept for clients that fall behind,
/// and that are contexts of compressed messages. Each shared chunk counts once.
enum Budget {
    /// Whether more is kept than the budget allows.
    @inline(__always)
    static func isExceeded(_ outbox: borrowing Outbox, contextBytes: Int, limit: Int) -> Bool {
        max(outbox.pool.waitingBytes, outbox.pool.bytes - outbox.ownBytes) + contextBytes > limit
    }

    /// Connections in the chat with waiting bytes, the slowest first.
    static func laggards(_ connections: borrowing Connections) -> [Int] {
        var laggards: [(bytes: Int, index: Int)] = []
        for index in 0..<connections.endIndex
        where connections.isUsed(index) && connections[index].isInChat {
            let bytes =
                Int(connections[index].outbound.lineBytes) + connections[index].outbound.controlCost
            if bytes > 0 { laggards.append((bytes, index)) }
        }
        return laggards.sorted { $0.bytes > $1.bytes }.map(\.index)
    }
}
