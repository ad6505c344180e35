internal import Reactor

/// The connections with an incomplete record, in the order of their deadlines. Each has the same
/// time, so the first to begin is the first to be due.
struct HalfRecords {
    struct Entry {
        let place: Int
        let generation: UInt32
        let since: Instant
    }

    private var entries: [Entry] = []
    private var first = 0

    var isEmpty: Bool { first == entries.count }
    var next: Entry? { isEmpty ? nil : entries[first] }

    mutating func add(_ entry: Entry) { entries.append(entry) }

    mutating func removeNext() {
        first += 1
        guard isEmpty || first == 1_024 else { return }
        entries.removeFirst(first)
        first = 0
    }

    /// Takes all entries.
    mutating func takeAll() -> ArraySlice<Entry> {
        defer { (entries, first) = ([], 0) }
        return entries[first...]
    }
}
