package import Chat

/// The members of a room on one node.
package struct NodeMembers: Equatable, Sendable {
    package let run: NodeRun
    package let presence: RoomPresence

    package init(_ run: NodeRun, _ presence: RoomPresence) {
        (self.run, self.presence) = (run, presence)
    }
}
