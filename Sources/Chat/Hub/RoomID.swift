/// The number of a room while it exists. Numbers are reused.
public struct RoomID: RawRepresentable, Hashable, Sendable {
    public let rawValue: UInt32

    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    @inlinable public var index: Int { Int(rawValue) }
}
