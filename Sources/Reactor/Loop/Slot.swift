/// What a freed slot of a ``SlotTable`` holds: it owns nothing.
public protocol Slot: ~Copyable {
    static func vacant() -> Self
}
