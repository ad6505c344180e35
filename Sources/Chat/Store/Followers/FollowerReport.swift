/// How a follower outside of the server fares, for metrics.
public struct FollowerReport: Equatable, Sendable {
    /// The operator's name for it.
    public let name: String
    /// Lines and changes that it has yet to get.
    public var pending: UInt64 = 0
    /// Events that it has got, and those that were given up. Both only grow.
    public var delivered: UInt64 = 0
    public var givenUp: UInt64 = 0
    /// Requests by what became of them. They only grow.
    public var posts: [Post: UInt64] = [:]
    /// Whether the last request failed.
    public var isFailing = false

    /// What became of a request.
    public enum Post: String, CaseIterable, Sendable {
        case delivered
        /// The receiver has answered with another status than 2xx.
        case refused
        /// There was no answer in time.
        case timedOut = "timed_out"
        /// There was no connection, or it broke.
        case failed
    }

    public init(name: String) {
        self.name = name
    }
}
