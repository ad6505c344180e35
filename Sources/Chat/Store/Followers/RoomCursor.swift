/// A position in a room's stream: the last line and the last change before it.
public struct RoomCursor: Equatable, Sendable {
    public var seq: UInt64
    public var rev: UInt64

    public init(seq: UInt64 = 0, rev: UInt64 = 0) {
        self.seq = seq
        self.rev = rev
    }
}
