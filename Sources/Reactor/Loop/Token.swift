/// The value a descriptor is registered with; the poller hands it back. It holds the index of a
/// slot and the slot's generation at that time. A slot that was freed in the meantime has another
/// generation, so an event for an ended connection is recognised and skipped.
public struct Token: RawRepresentable, Hashable, Sendable {
    public var rawValue: UInt64

    @inlinable
    public init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    @inlinable
    public init(index: Int, generation: UInt32) {
        rawValue = UInt64(generation) << 32 | UInt64(UInt32(truncatingIfNeeded: index))
    }

    @inlinable public var index: Int { Int(UInt32(truncatingIfNeeded: rawValue)) }
    @inlinable public var generation: UInt32 { UInt32(truncatingIfNeeded: rawValue >> 32) }

    /// Stands for the process's termination signals. No slot has generation 0.
    @inlinable public static var signals: Token { Token(index: 0, generation: 0) }

    /// Stands for a wake-up from another thread. No listener has this number.
    @inlinable public static var waker: Token { Token(index: Int(UInt32.max), generation: 0) }

    /// Stands for listening socket `number`.
    public static func listener(_ number: Int) -> Token {
        Token(index: number + 1, generation: 0)
    }

    /// The number of the listening socket that this token stands for, or nil.
    public var listener: Int? {
        generation == 0 && index > 0 && self != .waker ? index - 1 : nil
    }
}
