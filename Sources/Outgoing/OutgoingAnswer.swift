/// The answer of another server.
public struct OutgoingAnswer: Equatable, Sendable {
    public let status: Int
    public let content: [UInt8]
}
