internal import Chat

/// The commands of a node that a shard has yet to answer, and what else is to be done on its
/// connections.
struct ShardCalls {
    private var effects: [ShardEffect] = []
    private var next: UInt64 = 0
    /// Ascending numbers, as the shard answers in order.
    private var underWay: [UInt64: ShardCommand] = [:]

    /// Returns the number of the command.
    @discardableResult
    mutating func ask(_ command: ShardCommand) -> UInt64 {
        defer { next += 1 }
        effects.append(.command(next, command))
        underWay[next] = command
        return next
    }

    mutating func subscribe(_ room: RoomName) { effects.append(.subscribe(room)) }

    mutating func unsubscribe(_ room: RoomName) { effects.append(.unsubscribe(room)) }

    /// The shard has answered. Nil if nobody waits for the answer any more.
    mutating func answered(_ number: UInt64) -> ShardCommand? {
        underWay.removeValue(forKey: number)
    }

    /// The connections are gone. Returns the commands without an answer, in order.
    mutating func cut() -> [ShardCommand] {
        defer {
            underWay = [:]
            // What was never carried out isn't carried out on the next connection.
            effects = []
        }
        return underWay.sorted { $0.key < $1.key }.map(\.value)
    }

    /// The shard doesn't answer. Returns the commands without an answer.
    mutating func reconnect() -> [ShardCommand] {
        defer { effects = [.reconnect] }
        return cut()
    }

    mutating func takeEffects() -> [ShardEffect] {
        defer { effects = [] }
        return effects
    }
}
