/// What is stored of a follower.
public struct FollowerState: Equatable, Sendable {
    /// The epoch that its numbers are of. Nil if it has never seen any.
    public var epoch: String?
    /// Where it is, in each room that it knows.
    public var cursors: [RoomName: RoomCursor]
    /// Since when all requests have failed. Nil if the last one succeeded.
    public var failingSince: Timestamp?

    public init(
        epoch: String? = nil, cursors: [RoomName: RoomCursor] = [:],
        failingSince: Timestamp? = nil
    ) {
        (self.epoch, self.cursors, self.failingSince) = (epoch, cursors, failingSince)
    }
}
