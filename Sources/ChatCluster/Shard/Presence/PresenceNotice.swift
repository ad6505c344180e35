package import Chat

/// What a shard tells all nodes that follow a room when a node has told its members, that node
/// included. It may be lost, and it may come twice or late.
package struct PresenceNotice: Equatable, Sendable {
    package let epoch: Epoch
    /// The room's version with it.
    package let version: UInt64
    package let members: NodeMembers

    package init(_ epoch: Epoch, version: UInt64, _ members: NodeMembers) {
        (self.epoch, self.version, self.members) = (epoch, version, members)
    }
}
