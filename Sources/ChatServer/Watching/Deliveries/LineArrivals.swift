internal import Reactor

/// When lines arrived that are on their way to the store. Lines of one tick share an entry.
struct LineArrivals {
    /// The number behind the last line of a tick, and when the tick began.
    private var entries: [(end: UInt64, at: Instant)] = []
    /// The number of the first line that wasn't taken.
    private var start: UInt64 = 0

    /// All lines with a number below `end` have arrived, the last ones in the tick that began then.
    @inline(__always)
    mutating func submitted(below end: UInt64, at began: Instant) {
        guard end > entries.last?.end ?? start else { return }
        entries.append((end, began))
    }

    /// Takes the lines up to this number: `body` gets how many arrived when.
    @inline(__always)
    mutating func take(through last: UInt64, _ body: (Int, Instant) -> Void) {
        var place = 0
        while place < entries.count, start <= last {
            let end = min(entries[place].end, last + 1)
            body(Int(end - start), entries[place].at)
            start = end
            if entries[place].end == end { place += 1 }
        }
        if place == entries.count {
            // Nearly always. The memory is used again.
            entries.removeAll(keepingCapacity: true)
        } else {
            entries.removeFirst(place)
        }
    }
}
