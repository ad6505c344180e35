package import Chat

/// What all nodes are told, whichever rooms they follow.
package enum NodeNews: Equatable, Sendable {
    /// A room has changed. The lines that are gone or back are left out.
    case change(RoomName, RoomChange)
    /// Lines wait. The run has asked for it.
    case held([HeldLine], by: NodeRun)
    /// Lines that waited are said.
    case said([HeldReply.Said], by: NodeRun)
    /// Lines that waited are never said.
    case dropped([UInt64])
    case notice(ServerNotice, by: NodeRun)
}
