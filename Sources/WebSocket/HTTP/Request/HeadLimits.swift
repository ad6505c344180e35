/// Limits of a request.
public struct HeadLimits: Equatable, Sendable {
    /// Bytes of a head, its final CRLF included. Above it: 431.
    public var headBytes: Int
    /// Bytes of a request target. Above it: 414.
    public var targetBytes: Int
    /// Bytes of content, which a `Content-Length` or the chunks announce. Above it: 413.
    public var contentBytes: Int

    public init(headBytes: Int = 16_384, targetBytes: Int = 8_192, contentBytes: Int = 65_536) {
        precondition(headBytes > 0 && targetBytes > 0 && contentBytes >= 0)
        self.headBytes = headBytes
        self.targetBytes = targetBytes
        self.contentBytes = contentBytes
    }

    /// Limits that every head keeps which was parsed before.
    static let parsedBefore = HeadLimits(
        headBytes: 1 << 40, targetBytes: 1 << 40, contentBytes: 1 << 40)

    /// Field lines of a head. Above it: 431. Browsers send about 15; a chain of proxies adds a few.
    static let fieldLines = 100
    /// Bytes of a method. Above it: 501 (RFC 9112 §3). The longest registered method has 17.
    static let methodBytes = 32
    /// Empty lines before a request line. RFC 9112 §2.2 asks servers to ignore them.
    static let leadingEmptyLines = 4
}
