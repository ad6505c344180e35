internal import Chat
public import Identity

/// A receiver of events, as the configuration has it.
public struct Webhook: Equatable, Sendable {
    /// The operator's name for it. Its cursor is stored under it.
    public let name: String
    public let url: String
    public let secret: WebhookSecret
    public let kinds: Set<WebhookEventKind>
    /// The rooms that it is told of.
    public let rooms: [RoomPattern]
    /// Whether its address may be one that isn't public.
    public let allowsPrivate: Bool

    public init(
        name: String, url: String, secret: WebhookSecret,
        kinds: Set<WebhookEventKind> = WebhookEventKind.standard,
        rooms: [RoomPattern] = [.prefix([])], allowsPrivate: Bool = false
    ) {
        (self.name, self.url, self.secret) = (name, url, secret)
        (self.kinds, self.rooms, self.allowsPrivate) = (kinds, rooms, allowsPrivate)
    }

    func takes(_ room: RoomName) -> Bool { rooms.contains { $0.matches(room) } }

    func takes(_ kind: WebhookEventKind) -> Bool {
        kind == .gap || kind == .reset || kinds.contains(kind)
    }

    /// Whether it is told of lines, and of what has become of them.
    var takesLines: Bool { kinds.contains(.message) }
    var takesMembers: Bool { kinds.contains(.joined) || kinds.contains(.left) }

    /// The rooms that it names. Nil if some of them are only prefixes.
    var namedRooms: [RoomName]? {
        var names: [RoomName] = []
        for pattern in rooms {
            guard case .exactly(let name) = pattern else { return nil }
            names.append(name)
        }
        return names
    }
}
