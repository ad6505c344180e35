internal import Chat
internal import Reactor

/// How many bytes each connection may still send in this second. With the limit off nothing is
/// kept.
struct ByteAllowances {
    private struct Allowance {
        var bucket = TokenBucket()
        /// Bytes that were read before they were allowed.
        var debt = 0
    }

    private var perSecond: Int
    private var allowances: [Allowance] = []

    init(perSecond: Int) {
        self.perSecond = perSecond
    }

    /// Each connection begins anew with the new rate: a bucket counts time in units of its rate.
    mutating func limitChanged(_ perSecond: Int, count: Int) {
        guard perSecond != self.perSecond else { return }
        self.perSecond = perSecond
        allowances = Array(repeating: Allowance(), count: perSecond > 0 ? count : 0)
    }

    /// The largest number of bytes to read at once.
    var largestRead: Int { perSecond == 0 ? .max : perSecond }

    mutating func opened(_ index: Int) {
        guard perSecond > 0 else { return }
        while allowances.count <= index { allowances.append(Allowance()) }
        allowances[index] = Allowance()
    }

    /// Whether a connection has sent more than it is allowed so far.
    func owes(_ index: Int) -> Bool { perSecond > 0 && allowances[index].debt > 0 }

    /// A connection has sent `count` bytes, or has waited for earlier ones. Nil if it may continue,
    /// or else the milliseconds for which it isn't read.
    mutating func used(_ count: Int, by index: Int, at now: Instant) -> UInt64? {
        guard perSecond > 0 else { return nil }
        let debt = allowances[index].debt + count
        guard debt > 0 else { return nil }
        let wait = allowances[index].bucket.take(
            debt, rate: perSecond, burst: perSecond, at: now.milliseconds)
        allowances[index].debt = wait == nil ? 0 : debt
        return wait
    }
}
