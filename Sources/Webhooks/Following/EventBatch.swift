internal import Chat

/// The events of a request.
struct EventBatch {
    /// Events and bytes above which a request takes no further one.
    static let limit = 256
    static let byteLimit = 262_144

    let webhook: Webhook
    private(set) var ids: [String] = []
    private(set) var body = Array(#"{"events":["#.utf8)
    var extent = BatchExtent()

    init(for webhook: Webhook) { self.webhook = webhook }

    var isFull: Bool { ids.count >= Self.limit || body.count >= Self.byteLimit }
    var isEmpty: Bool { ids.isEmpty }

    /// Adds an event, if the webhook wants it.
    mutating func add(_ event: WebhookEvent) {
        guard webhook.takes(event.kind) else { return }
        if !ids.isEmpty { body.append(UInt8(ascii: ",")) }
        body += event.json
        ids.append(event.id)
        extent.count += 1
    }

    var post: WebhookPost {
        WebhookPost(
            id: webhook.secret.id(of: ids), body: body + Array("]}".utf8), count: ids.count)
    }
}
