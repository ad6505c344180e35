/// One entry of a wait's result.
public struct ReadyEvent: Hashable, Sendable {
    public var token: Token
    public var readiness: Readiness

    public init(token: Token, readiness: Readiness) {
        self.token = token
        self.readiness = readiness
    }
}
