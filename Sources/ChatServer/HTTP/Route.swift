internal import Chat
internal import WebSocket

/// What a request's path stands for.
enum Route: CaseIterable {
    case page
    case library
    case examples
    case chat
    case health
    case readiness
    case metrics

    /// What comes before the name of a room in the address of its page.
    private static let roomPrefix = "/r/"

    /// The resource at `path` of `bytes`; nil where there is none.
    init?(path: Range<Int>, in bytes: Span<UInt8>) {
        for route in Self.allCases where bytes.matches(path, route.path) {
            self = route
            return
        }
        guard Self.namesRoom(path, in: bytes),
            RoomName(bytes.extracting(path.dropFirst(Self.roomPrefix.utf8.count))) != nil
        else { return nil }
        self = .page
    }

    /// Whether the path is one of rooms, valid or not.
    static func namesRoom(_ path: Range<Int>, in bytes: Span<UInt8>) -> Bool {
        bytes.matches(path.prefix(roomPrefix.utf8.count), roomPrefix)
    }

    private var path: String {
        switch self {
        case .page: "/"
        case .library: "/hubbub.js"
        case .examples: "/examples"
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
        case .page, .library, .examples, .health, .readiness, .metrics: "GET, HEAD, OPTIONS"
        }
    }
}
