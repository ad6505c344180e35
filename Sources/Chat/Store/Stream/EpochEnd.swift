/// The end of an epoch in a room.
public struct EpochEnd: Equatable, Sendable {
    public let epoch: Epoch
    public let seq: UInt64

    public init(epoch: Epoch, seq: UInt64) {
        self.epoch = epoch
        self.seq = seq
    }
}
