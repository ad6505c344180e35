/// The head of an HTTP/1.1 request (RFC 9112): places in the bytes it was parsed from, no copies.
public struct RequestHead: Sendable {
    public internal(set) var method = RequestMethod.unknown
    /// Whether an OPTIONS is about the server as a whole (RFC 9112 §3.2.4).
    public internal(set) var isAsterisk = false
    /// Whether the connection may serve another request (RFC 9112 §9.3); never with HTTP/1.0.
    public internal(set) var keepsAlive = false
    /// Whether the client waits for a 100 before it sends content (RFC 9110 §10.1.1).
    public internal(set) var expectsContinue = false
    /// Whether `Upgrade` lists websocket, `Connection` lists upgrade, and the version is 1.1.
    public internal(set) var upgradesToWebSocket = false
    /// How the content after the head is framed.
    public internal(set) var content = Content.none
    /// Bytes of the head from the start of the input, the final CRLF included.
    public internal(set) var length = 0

    /// Without the query. An absolute URI is reduced to its path, which is `/` if it has none;
    /// `*` and the authority of CONNECT leave nothing that a route could match.
    public internal(set) var path = 0..<0
    var queryPlace = Place.none
    var authorityPlace = Place.none
    var originPlace = Place.none
    var webSocketKeyPlace = Place.none
    var webSocketVersionPlace = Place.none
    public internal(set) var webSocketProtocols = FieldLines(.webSocketProtocol)
    public internal(set) var webSocketExtensions = FieldLines(.webSocketExtensions)
    public internal(set) var acceptEncoding = FieldLines(.acceptEncoding)
    public internal(set) var ifNoneMatch = FieldLines(.ifNoneMatch)
    public internal(set) var forwarded = FieldLines(.forwarded)
    public internal(set) var forwardedFor = FieldLines(.forwardedFor)

    /// What follows the first `?`; nil without one.
    public var query: Range<Int>? { queryPlace.range }
    /// Host and port that the request names: from an absolute URI, else from `Host`.
    public var authority: Range<Int>? { authorityPlace.range }
    public var origin: Range<Int>? { originPlace.range }
    public var webSocketKey: Range<Int>? { webSocketKeyPlace.range }
    public var webSocketVersion: Range<Int>? { webSocketVersionPlace.range }

    /// How the length of the content is told (RFC 9112 §6).
    public enum Content: Equatable, Sendable {
        case none
        case length(Int)
        case chunked
    }

    init() {}

    /// The request line says what the head begins with.
    mutating func take(_ line: RequestLine) {
        method = line.method
        path = line.target.path
        queryPlace = line.target.query
        isAsterisk = line.target.isAsterisk
        authorityPlace = line.target.authority
        keepsAlive = line.minorVersion > 0
    }
}

extension RequestHead {
    /// The head at the start of `bytes`; nil if it isn't complete.
    ///
    /// Call it again with the same `progress` and the same bytes when more have come behind them.
    /// A line that no request may have is refused at once, whether the rest is there or not.
    public static func parse(
        _ bytes: Span<UInt8>, progress: inout HeadProgress, limits: HeadLimits
    ) throws(RequestViolation) -> RequestHead? {
        try progress.takeLines(bytes, limits: limits) ? progress.head : nil
    }
}
