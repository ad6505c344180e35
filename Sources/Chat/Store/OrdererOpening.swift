/// What an orderer knows when it opens.
public struct OrdererOpening: Equatable, Sendable {
    /// The epoch of all entries from now on.
    public let epoch: Epoch
    /// Lines with a key that were sent within ``RecentSends/period``, of all rooms.
    public let sends: [StoredSend]

    public init(epoch: Epoch, sends: [StoredSend]) {
        self.epoch = epoch
        self.sends = sends
    }
}
