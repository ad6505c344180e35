/// The members of a room on all nodes, at one version.
package struct RoomMembers: Equatable, Sendable {
    /// Counts what nodes have told of the room, in an epoch.
    package let version: UInt64
    package let nodes: [NodeMembers]

    package init(version: UInt64, _ nodes: [NodeMembers]) {
        (self.version, self.nodes) = (version, nodes)
    }
}
