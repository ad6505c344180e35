/// The method of a request, as far as this server distinguishes methods (RFC 9110 §9).
public enum RequestMethod: Equatable, Sendable {
    case get
    case head
    case options
    /// Registered, but not served here: POST, PUT, DELETE, PATCH, TRACE, CONNECT.
    case known
    case unknown
}

extension RequestMethod {
    private static let registered: [StaticString] = [
        "POST", "PUT", "DELETE", "PATCH", "TRACE", "CONNECT",
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
            for method in Self.registered where bytes.matches(name, exactly: method) {
                self = .known
            }
        }
    }
}
