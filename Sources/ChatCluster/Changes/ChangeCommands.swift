internal import Chat

/// Commands on their way to a shard, and what their answers are for.
struct ChangeCommands {
    enum Purpose {
        case opening
        case news
        case change(RoomName)
        case report(UInt64, limit: Int)
        case held
        case erasing
        case unerased
        case drop([UInt64])
        case notice(ServerNotice)
    }

    private var purposes: [UInt64: Purpose] = [:]
    private var nextTicket: UInt64 = 0
    private var waiting: [(ticket: UInt64, command: ChangeCommand)] = []

    mutating func add(_ command: ChangeCommand, for purpose: Purpose) {
        purposes[nextTicket] = purpose
        waiting.append((nextTicket, command))
        nextTicket += 1
    }

    /// Takes those that are to be sent, in order. The tickets count up from 0.
    mutating func take() -> [(ticket: UInt64, command: ChangeCommand)] {
        defer { waiting = [] }
        return waiting
    }

    /// Takes what an answer is for. Nil if nobody waits for it any more.
    mutating func answered(_ ticket: UInt64) -> Purpose? { purposes.removeValue(forKey: ticket) }

    /// No command is answered any more. Returns what they were for, in order.
    mutating func disconnected() -> [Purpose] {
        defer { (purposes, waiting) = ([:], []) }
        return purposes.sorted { $0.key < $1.key }.map(\.value)
    }
}
