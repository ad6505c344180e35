/// What a store knows of a room.
public struct RoomRecord: Equatable, Sendable {
    /// The number of the last line that was ever stored, 0 before the first. It outlives the line.
    public let lastSeq: UInt64
    /// The number of the oldest line that is still there; `lastSeq + 1` where none is.
    public let oldest: UInt64
    /// Earlier epochs of the room, each with the last number that is certain in it: up to there
    /// its numbers still mean the same lines.
    public let ends: [EpochEnd]

    public init(lastSeq: UInt64, oldest: UInt64, ends: [EpochEnd] = []) {
        self.lastSeq = lastSeq
        self.oldest = oldest
        self.ends = ends
    }
}
