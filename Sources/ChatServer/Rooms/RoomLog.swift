internal import Reactor

/// The recent frames of one room as encoded chunks, oldest first, within a budget of bytes. All
/// members that are behind are fed from it.
struct RoomLog {
    struct Entry {
        var batch: SealedBatch
        /// The bytes that the entry counts for in the budget.
        var cost: Int
    }

    private var entries: [Entry] = []
    /// Entries before this one have been removed.
    private var start = 0
    private(set) var bytes = 0
    /// The time of the last addition.
    private(set) var changed = CoarseTime(steps: 0)

    var isEmpty: Bool { start == entries.count }

    /// The oldest number that the log covers. Nil if it is empty.
    var firstSeq: UInt64? { isEmpty ? nil : entries[start].batch.firstSeq }

    private static func cost(of batch: SealedBatch, in pool: borrowing ChunkPool) -> Int {
        pool.cost(batch.chunks) + MemoryLayout<Entry>.stride
    }

    /// Adds older lines, which end where the log begins, if the budget has room for them. Newer
    /// lines take precedence. Returns whether the log keeps the maker's references.
    mutating func prepend(
        _ batch: SealedBatch, at time: CoarseTime, budget: Int, pool: borrowing ChunkPool
    ) -> Bool {
        let cost = Self.cost(of: batch, in: pool)
        guard bytes + cost <= budget else { return false }
        entries.insert(Entry(batch: batch, cost: cost), at: start)
        bytes += cost
        changed = time
        return true
    }

    /// Adds a sealed batch. The log keeps the maker's references.
    mutating func append(
        _ batch: SealedBatch, at time: CoarseTime, pool: borrowing ChunkPool
    ) {
        let cost = Self.cost(of: batch, in: pool)
        entries.append(Entry(batch: batch, cost: cost))
        bytes += cost
        changed = time
    }

    /// Drops the oldest entries until at most `budget` bytes are kept, or until only entries with
    /// line `needed` and later ones are left.
    mutating func trim(
        to budget: Int, keepingFrom needed: UInt64 = .max, pool: inout ChunkPool
    ) {
        while bytes > budget, start < entries.count, entries[start].batch.lastSeq < needed {
            bytes -= entries[start].cost
            pool.release(entries[start].batch.chunks)
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

    /// The batch that covers number `seq`. Nil if the log ends before it or begins after it.
    func batch(covering seq: UInt64) -> SealedBatch? {
        place(of: seq).map { entries[$0].batch }
    }

    private func place(of seq: UInt64) -> Int? {
        var (low, high) = (start, entries.count)
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].batch.lastSeq < seq { low = middle + 1 } else { high = middle }
        }
        guard low < entries.count, entries[low].batch.firstSeq <= seq else { return nil }
        return low
    }

    /// The batches in the log, oldest first.
    var batches: some Sequence<SealedBatch> { entries[start...].lazy.map(\.batch) }

    /// Replaces the chunks for which `replacement` returns others. The log retains the new ones and
    /// releases the old ones.
    mutating func replace(
        pool: inout ChunkPool, _ replacement: (EncodedChunks) -> EncodedChunks?
    ) {
        for place in start..<entries.count {
            let old = entries[place].batch
            guard let chunks = replacement(old.chunks) else { continue }
            pool.retain(chunks)
            pool.release(old.chunks)
            bytes -= entries[place].cost
            entries[place].batch = SealedBatch(
                chunks: chunks, firstSeq: old.firstSeq, lastSeq: old.lastSeq)
            entries[place].cost = Self.cost(of: entries[place].batch, in: pool)
            bytes += entries[place].cost
        }
    }
}
