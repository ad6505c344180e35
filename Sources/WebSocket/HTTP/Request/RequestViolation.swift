/// A request that breaks HTTP or a limit, and the answer to send before the connection is closed.
public struct RequestViolation: Error, Equatable, Sendable {
    public let status: HTTPStatus
    /// One sentence that names the rule, for the person at the other end.
    public let reason: String

    package init(_ status: HTTPStatus, _ reason: String) {
        self.status = status
        self.reason = reason
    }

    /// A breach of the grammar: 400.
    static func malformed(_ reason: String) -> RequestViolation {
        RequestViolation(.badRequest, reason)
    }
}
