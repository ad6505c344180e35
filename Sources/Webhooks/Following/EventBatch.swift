internal import Chat

/// The events of a request, and where the webhook is once it has taken them.
struct EventBatch {
    /// Events and bytes above which a request takes no further one.
    static let limit = 256
    static let byteLimit = 262_144

    let webhook: Webhook
    private(set) var ids: [String] = []
    private(set) var body = Array(#"{"events":["#.utf8)
    /// The last position of each room that it has something of, or has skipped something of.
    private(set) var ends: [RoomName: RoomCursor] = [:]
    /// These rooms in their order.
    private(set) var rooms: [RoomName] = []
    var feedEnd: UInt64 = 0
    /// Lines and changes that are given up with it.
    var givenUp: UInt64 = 0

    init(for webhook: Webhook) { self.webhook = webhook }

    var isFull: Bool { ids.count >= Self.limit || body.count >= Self.byteLimit }
    var isEmpty: Bool { ids.isEmpty }

    /// Adds an event, if the webhook wants it.
    mutating func add(_ event: WebhookEvent) {
        guard webhook.takes(event.kind) else { return }
        if !ids.isEmpty { body.append(UInt8(ascii: ",")) }
        body += event.json
        ids.append(event.id)
    }

    /// It has all of a room up to this position.
    mutating func reached(_ cursor: RoomCursor, in room: RoomName) {
        if ends.updateValue(cursor, forKey: room) == nil { rooms.append(room) }
    }

    var post: WebhookPost {
        WebhookPost(
            id: webhook.secret.id(of: ids), body: body + Array("]}".utf8), count: ids.count)
    }
}
