internal import WebSocket

/// The `Cache-Control` field of each response (RFC 9111 §5.2.2).
enum Caching {
    /// The response holds only for this moment. A cache that kept `/healthz` would report a dead
    /// daemon as alive.
    static let never = ResponseHead.Field(name, "no-store")
    /// A cache may keep the response, but must check each time whether it is current, so that a new
    /// version of the program is seen at once.
    static let checked = ResponseHead.Field(name, "no-cache")

    private static let name = "Cache-Control"

    /// Whether these fields have a `Cache-Control`.
    static func isStated(in fields: [ResponseHead.Field]) -> Bool {
        !fields.isEmpty && fields.contains { $0.name == name }
    }
}
