/// A descriptor of a non-blocking stream socket. It doesn't own the descriptor: the code that
/// accepted it closes it.
public struct Socket: RawRepresentable, Hashable, Sendable {
    public let rawValue: Int32

    @inlinable
    public init(rawValue: Int32) {
        self.rawValue = rawValue
    }

    /// No socket.
    public static let none = Socket(rawValue: -1)
}
