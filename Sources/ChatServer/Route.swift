internal import WebSocket

/// What a request's path stands for.
enum Route: CaseIterable {
    case page
    case chat
    case health
    case readiness
    case metrics

    /// The resource at `path` of `bytes`; nil where there is none.
    init?(path: Range<Int>, in bytes: Span<UInt8>) {
        for route in Self.allCases where bytes.matches(path, route.path) {
            self = route
            return
        }
        return nil
    }

    private var path: String {
        switch self {
        case .page: "/"
        case .chat: "/ws"
        case .health: "/healthz"
        case .readiness: "/readyz"
        case .metrics: "/metrics"
        }
    }

    /// The methods that the resource takes, for `Allow` (RFC 9110 section 10.2.1).
    var allowedMethods: String {
        switch self {
        case .chat: "GET, OPTIONS"
        case .page, .health, .readiness, .metrics: "GET, HEAD, OPTIONS"
        }
    }
}
