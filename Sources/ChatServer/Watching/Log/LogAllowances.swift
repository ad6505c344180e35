internal import Chat

/// Which entries pass, at most a few a second of each kind, and how many were left out.
///
/// The kind of an entry is its message: what differs from one entry to the next is in its metadata.
struct LogAllowances {
    /// Entries of a kind in a minute, in the long run, and at once.
    static let perMinute = 30
    static let burst = 10
    /// Kinds that are told apart. Those beyond share one allowance.
    static let kinds = 64
    /// Milliseconds without an entry after which a kind counts as over.
    private static let quiet: UInt64 = 10_000

    struct Left: Equatable {
        let kind: String
        let count: UInt64
    }

    private struct Kind {
        var allowance = TokenBucket()
        var omitted: UInt64 = 0
        /// When there was an entry last, passed or not, in milliseconds.
        var last: UInt64 = 0
    }

    private var known: [ByteText: Kind] = [:]

    /// An entry of this kind is to be written. Nil if it is left out; else the number of those
    /// before it that were.
    mutating func admit(_ message: String, at now: UInt64) -> UInt64? {
        let kind = key(ByteText(message), at: now)
        known[kind, default: Kind()].last = now
        let wait = known[kind, default: Kind()].allowance.take(
            rate: Self.perMinute, per: 60_000, burst: Self.burst, at: now)
        guard wait == nil else {
            known[kind]?.omitted += 1
            return nil
        }
        defer { known[kind]?.omitted = 0 }
        return known[kind]?.omitted
    }

    /// Takes what was left out of kinds that have been quiet for a while, so that nothing will say
    /// so.
    mutating func takeLeft(at now: UInt64) -> [Left] {
        var left: [Left] = []
        for (kind, state) in known where state.omitted > 0 && isOver(state, at: now) {
            left.append(Left(kind: kind.text, count: state.omitted))
            known[kind]?.omitted = 0
        }
        return left.sorted { $0.kind < $1.kind }
    }

    private func isOver(_ kind: Kind, at now: UInt64) -> Bool { kind.last + Self.quiet <= now }

    /// The key of a kind. With many kinds, those that are over make room for others.
    private mutating func key(_ message: ByteText, at now: UInt64) -> ByteText {
        if known[message] != nil || known.count < Self.kinds { return message }
        known = known.filter { $0.value.omitted > 0 || !isOver($0.value, at: now) }
        return known.count < Self.kinds ? message : ByteText("Other entries")
    }
}
