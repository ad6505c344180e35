package import Chat

/// What the changes of a room add up to.
package struct RoomState: Equatable, Sendable {
    package let room: RoomName
    /// The number of its last change.
    package var rev: UInt64
    package var settings = RoomSettings()
    package var bans: [Ban] = []
    /// In any order.
    package var terms: [Term] = []

    package init(_ room: RoomName, rev: UInt64) { (self.room, self.rev) = (room, rev) }
}
