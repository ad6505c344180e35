internal import Reactor

/// The recent lines of one room as encoded chunks, oldest first, within a budget of bytes. Members
/// that are behind are fed from it; it is shared by all of them.
struct RoomLog {
    struct Entry {
        let lines: EncodedLines
        let firstSeq: UInt64
        let lastSeq: UInt64
        /// Bytes that the entry counts for in the budget.
        let cost: Int
    }

    private var entries: [Entry] = []
    /// Entries before this one have been taken away.
    private var start = 0
    private(set) var bytes = 0
    /// When a chunk was last added.
    var sealed = CoarseTime(steps: 0)
    /// Whether the room stands in the server's list of those whose logs hold something.
    var isWarm = false
    /// Members who take deflated messages.
    var deflating = 0
    /// Nanoseconds on the monotonic clock until when the room's batch is held.
    var heldUntil: UInt64 = 0
    /// Whether the room stands in the server's list of those with news of who is there.
    var hasNews = false
    /// The room's open batch of this tick, as a number in the server's list of them.
    var batch: Int32?

    var isEmpty: Bool { start == entries.count }

    /// The oldest line that is kept; nil where none is.
    var firstSeq: UInt64? { isEmpty ? nil : entries[start].firstSeq }

    /// Adds older lines, which end where the log begins, if the budget has room for them; what was
    /// kept in the log before goes first. Returns whether it keeps the maker's references.
    mutating func prepend(
        _ lines: EncodedLines, seqs: ClosedRange<UInt64>, budget: Int, pool: borrowing ChunkPool
    ) -> Bool {
        let cost = pool.cost(lines) + MemoryLayout<Entry>.stride
        guard bytes + cost <= budget else { return false }
        entries.insert(
            Entry(
                lines: lines, firstSeq: seqs.lowerBound, lastSeq: seqs.upperBound, cost: cost),
            at: start)
        bytes += cost
        return true
    }

    /// Adds a sealed batch, of which the log keeps the maker's references, and lets go of the
    /// oldest while more than `budget` bytes are kept.
    mutating func append(
        _ lines: EncodedLines, seqs: ClosedRange<UInt64>, at time: CoarseTime, budget: Int,
        pool: inout ChunkPool
    ) {
        let cost = pool.cost(lines) + MemoryLayout<Entry>.stride
        entries.append(
            Entry(
                lines: lines, firstSeq: seqs.lowerBound, lastSeq: seqs.upperBound, cost: cost))
        bytes += cost
        sealed = time
        if bytes > budget { trim(to: budget, pool: &pool) }
    }

    /// Lets go of the oldest entries until at most `budget` bytes are kept.
    mutating func trim(to budget: Int, pool: inout ChunkPool) {
        while bytes > budget, start < entries.count {
            bytes -= entries[start].cost
            pool.release(entries[start].lines)
            start += 1
        }
        if start == entries.count {
            entries = []
            start = 0
        } else if start >= 64, start * 2 >= entries.count {
            entries.removeSubrange(..<start)
            start = 0
        }
    }

    /// The entry that holds line `seq`; nil where the log doesn't reach back, or forth, so far.
    func entry(holding seq: UInt64) -> Entry? {
        var (low, high) = (start, entries.count)
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].lastSeq < seq { low = middle + 1 } else { high = middle }
        }
        guard low < entries.count, entries[low].firstSeq <= seq else { return nil }
        return entries[low]
    }
}
