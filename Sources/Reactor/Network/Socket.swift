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

    /// A bit that no descriptor has.
    @usableFromInline static var securedBit: Int32 { 1 << 30 }

    /// Whether a layer over the network encrypts what goes through it. Only that layer may use such
    /// a socket.
    @inlinable public var isSecured: Bool { rawValue & Self.securedBit != 0 && rawValue >= 0 }

    /// The same socket for the layer that encrypts.
    @inlinable public var secured: Socket { Socket(rawValue: rawValue | Self.securedBit) }

    /// The same socket for the network under that layer.
    @inlinable public var unsecured: Socket { Socket(rawValue: rawValue & ~Self.securedBit) }
}
