/// An element of a ``SlotTable``. A freed slot holds a vacant one, which owns nothing.
public protocol Slot: ~Copyable {
    static func vacant() -> Self
}
