internal import Chat
internal import WebSocket

/// The resource that a request's path names.
enum Route: CaseIterable {
    case page
    case library
    /// The rest of the chat page, which it loads when there is a need.
    case moderation
    /// The page of operators.
    case admin
    case examples
    case chat
    case health
    case readiness
    case metrics

    /// The start of the path of a room's page, before the room's name.
    private static let roomPrefix = "/r/"

    /// The resource at `path` of `bytes`, or nil if there is none.
    init?(path: Range<Int>, in bytes: Span<UInt8>) {
        if bytes.matches(path, exactly: "/ws") {
            self = .chat
        } else if bytes.matches(path, exactly: "/") {
            self = .page
        } else if bytes.matches(path, exactly: "/hubbub.js") {
            self = .library
        } else if bytes.matches(path, exactly: "/moderation.js") {
            self = .moderation
        } else if bytes.matches(path, exactly: "/admin") {
            self = .admin
        } else if bytes.matches(path, exactly: "/examples") {
            self = .examples
        } else if bytes.matches(path, exactly: "/healthz") {
            self = .health
        } else if bytes.matches(path, exactly: "/readyz") {
            self = .readiness
        } else if bytes.matches(path, exactly: "/metrics") {
            self = .metrics
        } else if Self.namesRoom(path, in: bytes),
            RoomName(bytes.extracting(path.dropFirst(Self.roomPrefix.utf8.count))) != nil
        {
            self = .page
        } else {
            return nil
        }
    }

    /// Whether the path is one of rooms, valid or not.
    static func namesRoom(_ path: Range<Int>, in bytes: Span<UInt8>) -> Bool {
        bytes.matches(path.prefix(roomPrefix.utf8.count), roomPrefix)
    }

    /// Whether the route reports the state of the daemon to monitoring.
    var isForProbes: Bool {
        switch self {
        case .health, .readiness, .metrics: true
        case .page, .library, .moderation, .admin, .examples, .chat: false
        }
    }

    /// Whether only connections of operators have the resource, see
    /// ``Listening/servesOperators(_:)``.
    var isForOperators: Bool {
        switch self {
        case .metrics, .admin: true
        case .page, .library, .moderation, .examples, .chat, .health, .readiness: false
        }
    }

    /// The methods that the resource allows, for `Allow` (RFC 9110 section 10.2.1).
    var allowedMethods: String {
        switch self {
        case .chat: "GET, OPTIONS"
        case .page, .library, .moderation, .admin, .examples, .health, .readiness, .metrics:
            "GET, HEAD, OPTIONS"
        }
    }
}
