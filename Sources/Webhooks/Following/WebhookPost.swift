/// A request to a webhook.
public struct WebhookPost: Equatable, Sendable {
    /// The same for each try.
    public let id: String
    public let body: [UInt8]
    /// The number of events.
    public let count: Int
}
