/// Why a connection to Redis can't be used: a phrase for the operator.
public struct RedisProblem: Error, Equatable, Sendable, CustomStringConvertible {
    public let description: String

    public init(_ description: String) {
        self.description = description
    }
}
