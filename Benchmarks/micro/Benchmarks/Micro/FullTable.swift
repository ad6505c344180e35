internal import Benchmark
internal import Reactor

/// A table without a free slot.
private final class FullTable {
    var slots = SlotTable<Entry>(capacity: connections)
    private(set) var tokens: [Token] = []

    init() {
        while let token = slots.insert(Entry(number: tokens.count)) { tokens.append(token) }
    }
}
