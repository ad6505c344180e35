internal import Chat
internal import Identity

/// What somebody may see of a server: all of it, or rooms.
struct Reach {
    private let rights: Rights

    /// Nil if it may see nothing.
    init?(_ rights: Rights) {
        guard rights.role == .owner || rights.moderatesAnywhere else { return nil }
        self.rights = rights
    }

    /// Whether it is the whole server.
    var isEverything: Bool { rights.role == .owner }

    /// Whether the room is among what may be seen.
    func includes(_ room: RoomName) -> Bool {
        isEverything || (rights.role(in: room) ?? .guest) >= .moderator
    }

    /// The rooms that are named one by one.
    var named: [RoomName] { rights.moderatedRooms }
}
