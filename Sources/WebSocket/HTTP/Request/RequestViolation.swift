/// A request that breaks HTTP or a limit: what to answer before the connection is closed.
public struct RequestViolation: Error, Equatable, Sendable {
    public let status: HTTPStatus
    /// One sentence for the person at the other end, which names the rule.
    public let reason: String

    init(_ status: HTTPStatus, _ reason: String) {
        self.status = status
        self.reason = reason
    }

    /// A breach of the grammar: 400.
    static func malformed(_ reason: String) -> RequestViolation {
        RequestViolation(.badRequest, reason)
    }
}
