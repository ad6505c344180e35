/// The state of an orderer when it opens.
public struct OrdererOpening: Equatable, Sendable {
    /// The epoch of all entries from now on.
    public let epoch: Epoch
    /// Lines with a key, of all rooms, sent within ``RecentSends/period``.
    public let sends: [StoredSend]

    public init(epoch: Epoch, sends: [StoredSend]) {
        self.epoch = epoch
        self.sends = sends
    }
}
