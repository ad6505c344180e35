internal import Reactor

/// The least that a slot can hold.
struct TableEntry: Slot, ~Copyable {
    var number: Int

    static func vacant() -> TableEntry { TableEntry(number: 0) }
}
