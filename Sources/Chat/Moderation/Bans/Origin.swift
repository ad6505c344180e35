/// Where a guest's line comes from. Nobody is told.
public struct Origin: Equatable, Hashable, Sendable {
    public static let unknown = Origin(block: 0, connection: 0)

    /// A keyed hash of the block of addresses. 0 if the address means nothing, as behind a proxy
    /// that isn't trusted.
    public let block: UInt64
    /// Names the connection, in this run of the server.
    public let connection: UInt64

    public init(block: UInt64, connection: UInt64) {
        self.block = block
        self.connection = connection
    }

    /// How long the store knows the origin of a line, in milliseconds: a day.
    public static let period: Int64 = 86_400_000
}
