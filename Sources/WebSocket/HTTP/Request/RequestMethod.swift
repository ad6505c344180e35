/// The method of a request, as far as this server distinguishes methods (RFC 9110 §9).
public enum RequestMethod: Equatable, Sendable {
    case get
    case head
    case options
    case post
    case put
    case delete
    case patch
    /// Registered, but not served here: TRACE, CONNECT.
    case known
    case unknown
}

extension RequestMethod {
    /// The methods that are rarer than GET.
    private static let others: [(name: StaticString, method: RequestMethod)] = [
        ("POST", .post), ("PUT", .put), ("DELETE", .delete), ("PATCH", .patch), ("TRACE", .known),
        ("CONNECT", .known),
    ]

    /// The method with this name. Names are case-sensitive (RFC 9110 §9.1).
    init(_ name: Range<Int>, in bytes: Span<UInt8>) {
        if bytes.matches(name, exactly: "GET") {
            self = .get
        } else if bytes.matches(name, exactly: "HEAD") {
            self = .head
        } else if bytes.matches(name, exactly: "OPTIONS") {
            self = .options
        } else {
            self = .unknown
            for other in Self.others where bytes.matches(name, exactly: other.name) {
                self = other.method
            }
        }
    }
}
