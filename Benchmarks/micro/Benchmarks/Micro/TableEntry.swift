internal import Reactor

/// The smallest possible element of a slot.
struct TableEntry: Slot, ~Copyable {
    var number: Int

    static func vacant() -> TableEntry { TableEntry(number: 0) }
}
