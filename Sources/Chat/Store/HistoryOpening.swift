/// What a store knows when it opens.
public struct HistoryOpening: Equatable, Sendable {
    /// The epoch of all lines that are stored from now on.
    public let epoch: Epoch
    /// Lines with a key that were sent within ``RecentSends/period``, of all rooms.
    public let sends: [StoredSend]

    public init(epoch: Epoch, sends: [StoredSend]) {
        self.epoch = epoch
        self.sends = sends
    }
}
