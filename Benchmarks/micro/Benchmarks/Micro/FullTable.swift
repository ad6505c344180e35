internal import Reactor

/// A table without a free slot.
final class FullTable {
    static let capacity = 100_000

    var slots = SlotTable<TableEntry>(capacity: capacity)
    private(set) var tokens: [Token] = []

    init() {
        while let token = slots.insert(TableEntry(number: tokens.count)) { tokens.append(token) }
    }
}
