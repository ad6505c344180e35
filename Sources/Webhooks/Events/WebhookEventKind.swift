/// What a webhook may be told. `gap` and `reset` are told without being asked for.
public enum WebhookEventKind: String, CaseIterable, Sendable {
    case message
    case deleted
    case purged
    case restored
    case room
    case banned
    case timedOut = "timed_out"
    case unbanned
    case terms
    case approved
    case rejected
    case joined = "member.joined"
    case left = "member.left"
    case gap
    case reset

    /// Those that a webhook may ask for.
    public static let names = allCases.filter { $0 != .gap && $0 != .reset }

    /// What a webhook gets that asks for nothing: all but members, who come and go.
    public static let standard = Set(names).subtracting([.joined, .left])
}
