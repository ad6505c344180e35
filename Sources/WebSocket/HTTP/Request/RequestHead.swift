/// The head of an HTTP/1.1 request (RFC 9112): positions in the bytes it was parsed from, no
/// copies.
public struct RequestHead: Sendable {
    public internal(set) var method = RequestMethod.unknown
    /// Whether an OPTIONS request concerns the server as a whole (RFC 9112 §3.2.4).
    public internal(set) var isAsterisk = false
    /// Whether the connection may serve another request (RFC 9112 §9.3). Never with HTTP/1.0.
    public internal(set) var keepsAlive = false
    /// Whether the client waits for a 100 response before it sends content (RFC 9110 §10.1.1).
    public internal(set) var expectsContinue = false
    /// Whether `Upgrade` lists websocket, `Connection` lists upgrade, and the version is 1.1.
    public internal(set) var upgradesToWebSocket = false
    /// How the content after the head is framed.
    public internal(set) var content = Content.none
    /// Bytes of the head from the start of the input, its final CRLF included.
    public internal(set) var length = 0

    /// The path, without the query. An absolute URI is reduced to its path, or `/` if it has none.
    /// For `*` and for the authority of CONNECT it is empty, so that no route matches.
    public internal(set) var path = 0..<0
    var queryPlace = Place.none
    var authorityPlace = Place.none
    var originPlace = Place.none
    var webSocketKeyPlace = Place.none
    var webSocketVersionPlace = Place.none
    public internal(set) var webSocketProtocols = FieldLines(.webSocketProtocol)
    public internal(set) var webSocketExtensions = FieldLines(.webSocketExtensions)
    var contentType = FieldLines(.contentType)
    var contentEncoding = FieldLines(.contentEncoding)
    public internal(set) var acceptEncoding = FieldLines(.acceptEncoding)
    public internal(set) var ifNoneMatch = FieldLines(.ifNoneMatch)
    public internal(set) var idempotencyKey = FieldLines(.idempotencyKey)
    public internal(set) var authorization = FieldLines(.authorization)
    public internal(set) var forwarded = FieldLines(.forwarded)
    public internal(set) var forwardedFor = FieldLines(.forwardedFor)

    /// The part after the first `?`. Nil if there is none.
    public var query: Range<Int>? { queryPlace.range }
    /// Host and port that the request names: from an absolute URI, or else from `Host`.
    public var authority: Range<Int>? { authorityPlace.range }
    public var origin: Range<Int>? { originPlace.range }
    public var webSocketKey: Range<Int>? { webSocketKeyPlace.range }
    public var webSocketVersion: Range<Int>? { webSocketVersionPlace.range }

    /// How the length of the content is given (RFC 9112 §6).
    public enum Content: Equatable, Sendable {
        case none
        case length(Int)
        case chunked
    }

    init() {}

    /// The place of the content behind the head, if all of it is in `bytes`. Nil if some of it has
    /// yet to arrive, and for chunks, which ``ContentDecoder`` finds.
    public func wholeContent(in bytes: Span<UInt8>) -> Range<Int>? {
        switch content {
        case .none: length..<length
        case .length(let count): bytes.count - length >= count ? length..<length + count : nil
        case .chunked: nil
        }
    }

    /// Takes what the request line says.
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
    /// The head at the start of `bytes`. Nil if it isn't complete.
    ///
    /// When more bytes have arrived, call it again with the same `progress` and all bytes so far. A
    /// line that no request may have is rejected at once, even if the rest is missing.
    public static func parse(
        _ bytes: Span<UInt8>, progress: inout HeadProgress, limits: HeadLimits
    ) throws(RequestViolation) -> RequestHead? {
        try progress.takeLines(bytes, limits: limits) ? progress.head : nil
    }

    /// The head of a request that was kept since it was parsed, perhaps under other limits.
    public static func parsedBefore(_ bytes: Span<UInt8>) -> RequestHead {
        var progress = HeadProgress()
        guard let head = try? parse(bytes, progress: &progress, limits: .parsedBefore) else {
            preconditionFailure("the head was parsed before")
        }
        return head
    }
}
