internal import Chat
internal import Reactor
internal import WebSocket

/// The last closes, refusals and failed handshakes, without texts and addresses: what somebody
/// looks at first if clients complain.
struct RecentEnds {
    static let most = 1_000

    enum Reason: Hashable {
        /// A WebSocket has ended, with this code.
        case closed(UInt16)
        /// A command was refused.
        case refused(Refusal.Code)
        /// An opening handshake, or a request, has failed.
        case failed(Metrics.HandshakeOutcome)

        /// Codes that clients choose freely are one, 0.
        static func closed(by code: CloseCode) -> Reason {
            switch code.rawValue {
            case 1000...1015, 3000...3003: .closed(code.rawValue)
            default: .closed(0)
            }
        }
    }

    /// What the last ones have in common.
    struct Sum: Equatable {
        let reason: Reason
        var count: Int
        /// The last of them.
        var time: Timestamp
        var connection: Token
    }

    private struct Entry {
        let reason: Reason
        let time: Timestamp
        let connection: Token
    }

    private var entries: [Entry] = []
    /// The place of the oldest entry, once there are as many as are kept.
    private var oldest = 0

    var count: Int { entries.count }

    mutating func add(_ reason: Reason, _ connection: Token, at time: Timestamp) {
        let entry = Entry(reason: reason, time: time, connection: connection)
        guard entries.count == Self.most else { return entries.append(entry) }
        entries[oldest] = entry
        oldest = (oldest + 1) % Self.most
    }

    /// The entries by their reasons, the most frequent first.
    var sums: [Sum] {
        var places: [Reason: Int] = [:]
        var sums: [Sum] = []
        for offset in entries.indices {
            let entry = entries[(oldest + offset) % entries.count]
            if let place = places[entry.reason] {
                sums[place].count += 1
                (sums[place].time, sums[place].connection) = (entry.time, entry.connection)
            } else {
                places[entry.reason] = sums.count
                sums.append(
                    Sum(
                        reason: entry.reason, count: 1, time: entry.time,
                        connection: entry.connection))
            }
        }
        return sums.sorted { ($0.count, $0.time) > ($1.count, $1.time) }
    }
}
