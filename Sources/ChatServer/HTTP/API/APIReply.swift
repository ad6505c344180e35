internal import WebSocket

/// How the answer to a request is sent.
struct APIReply {
    /// Whether the client keeps the connection for another request.
    let isLast: Bool
    /// Whether the answer comes without its content.
    let isHead: Bool
    /// Whether the answer may be known already.
    let isGet: Bool
    /// Fields that let a page of another origin read the answer.
    let crossOrigin: [ResponseHead.Field]
    /// The head of the request, if it names tags that the client knows.
    private let known: [UInt8]

    init(_ head: RequestHead, in bytes: Span<UInt8>, crossOrigin: [ResponseHead.Field]) {
        isLast = !head.keepsAlive
        isHead = head.method == .head
        isGet = head.method == .get || isHead
        self.crossOrigin = crossOrigin
        known = isGet && !head.ifNoneMatch.isEmpty ? (0..<head.length).map { bytes[$0] } : []
    }

    /// Bytes of memory that it takes besides itself.
    var bytes: Int { known.count }

    /// The tag of an answer, which changes with its content.
    func tag(of content: [UInt8]) -> EntityTag {
        EntityTag(String(SHA256.base64(of: content.span).prefix(22)))
    }

    /// Whether the client has an answer with this tag.
    func knows(_ tag: EntityTag) -> Bool {
        guard !known.isEmpty else { return false }
        return tag.matches(RequestHead.parsedBefore(known.span).ifNoneMatch, in: known.span)
    }
}
