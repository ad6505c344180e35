public import Chat

/// A room's name, or a prefix with `*` at its end.
public enum RoomPattern: Hashable, Sendable {
    case exactly(RoomName)
    /// At most ``RoomName/lengthLimit`` bytes. It may be empty, which means all rooms.
    case prefix([UInt8])

    /// Nil if `text` is neither a room's name nor the beginning of one with a `*`.
    public init?(_ text: String) {
        if let name = RoomName(text) {
            self = .exactly(name)
        } else {
            guard text.utf8.last == UInt8(ascii: "*") else { return nil }
            let prefix = Array(text.utf8.dropLast())
            guard prefix.isEmpty || RoomName(prefix.span) != nil else { return nil }
            self = .prefix(prefix)
        }
    }

    package func matches(_ room: RoomName) -> Bool {
        switch self {
        case .exactly(let name): name == room
        case .prefix(let prefix): room.begins(with: prefix)
        }
    }
}
