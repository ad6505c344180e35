/// The server's side of the opening handshake (RFC 6455 §4.2).
public enum OpeningHandshake {
    /// Decides on a request for a WebSocket resource.
    ///
    /// - Parameters:
    ///   - head: a head that was parsed from `bytes`.
    ///   - bytes: the bytes that the ranges of the head refer to.
    ///   - policy: the index in the acceptance refers to its `subprotocols`.
    ///   - contextBytes: the memory for the context of the client's compressed messages. An offer
    ///     of permessage-deflate that needs more is declined (``DeflateParameters/contextBytes``).
    public static func negotiate(
        _ head: RequestHead, in bytes: Span<UInt8>, policy: HandshakePolicy,
        contextBytes: Int = .max
    ) throws(HandshakeRefusal) -> HandshakeAcceptance {
        guard head.method == .get else {
            throw HandshakeRefusal(.methodNotAllowed, "A WebSocket is opened with GET.")
        }
        guard head.upgradesToWebSocket else {
            throw HandshakeRefusal(
                .upgradeRequired,
                "This is a WebSocket: send Upgrade: websocket and Connection: Upgrade.")
        }
        guard let version = head.webSocketVersion, bytes.matches(version, exactly: "13") else {
            throw HandshakeRefusal(.upgradeRequired, "Sec-WebSocket-Version must be 13.")
        }
        guard let key = head.webSocketKey, Base64.isCodeOf16Bytes(key, in: bytes) else {
            throw HandshakeRefusal(
                .badRequest, "Sec-WebSocket-Key must be the base64 code of 16 bytes.")
        }
        guard head.content == .none else {
            throw HandshakeRefusal(.badRequest, "An opening handshake has no content.")
        }
        guard isWelcome(head, in: bytes, policy: policy) else {
            throw HandshakeRefusal(.forbidden, "Pages of this origin may not connect.")
        }
        // Most requests have neither of them.
        let subprotocol =
            head.webSocketProtocols.isEmpty
            ? nil : subprotocol(head, in: bytes, policy: policy)
        let deflate =
            head.webSocketExtensions.isEmpty
            ? nil
            : try deflate(head, in: bytes, policy: policy.deflate, contextBytes: contextBytes)
        return HandshakeAcceptance(
            key: key, in: bytes, subprotocol: subprotocol, deflate: deflate)
    }

    @inline(__always)
    private static func isWelcome(
        _ head: RequestHead, in bytes: Span<UInt8>, policy: HandshakePolicy
    ) -> Bool {
        guard let origin = head.origin, !policy.origins.isEmpty else { return true }
        return isListed(origin, head.authority, in: bytes, policy: policy)
    }

    /// Whether the origin is in the list, or is the server's own.
    private static func isListed(
        _ origin: Range<Int>, _ authority: Range<Int>?, in bytes: Span<UInt8>,
        policy: HandshakePolicy
    ) -> Bool {
        // Scheme and host are case-insensitive (RFC 6454 §4). An origin has nothing else but a
        // port.
        let text = bytes.extracting(origin)
        if policy.origins.contains(where: { text.matches(ignoringCase: $0.utf8.span) }) {
            return true
        }
        return authority.map { Origin.isOwn(text, authority: bytes.extracting($0)) } ?? false
    }

    /// Whether the request comes from a page of this server, or of a listed origin. A browser sends
    /// cookies for every page, so only such a page may use them (RFC 6455 §10.2).
    ///
    /// Unlike ``negotiate(_:in:policy:contextBytes:)``, this needs an `Origin`, an empty list
    /// allows no other page, and the scheme is compared, too: `isSecure` says that the server was
    /// reached with TLS.
    public static func isTrusted(
        _ head: RequestHead, in bytes: Span<UInt8>, policy: HandshakePolicy, isSecure: Bool = false
    ) -> Bool {
        guard let origin = head.origin else { return false }
        let text = bytes.extracting(origin)
        if policy.origins.contains(where: { text.matches(ignoringCase: $0.utf8.span) }) {
            return true
        }
        guard text.begins(with: isSecure ? "https://" : "http://", ignoringCase: true),
            let authority = head.authority
        else { return false }
        return Origin.isOwn(text, authority: bytes.extracting(authority))
    }

    /// The client's first choice among the subprotocols that the server speaks (§4.1, 10.).
    private static func subprotocol(
        _ head: RequestHead, in bytes: Span<UInt8>, policy: HandshakePolicy
    ) -> Int? {
        var lines = head.webSocketProtocols
        while let line = lines.next(in: bytes) {
            var elements = ListElements(line)
            while let element = elements.next(in: bytes) {
                for (index, name) in policy.subprotocols.enumerated()
                where bytes.matches(element, name) {
                    return index
                }
            }
        }
        return nil
    }

    /// The answer to the offer of permessage-deflate that needs the least memory, or to the first
    /// of several such offers (RFC 7692 §5). A field that isn't a list of extensions is rejected
    /// even if the server has no extensions (RFC 6455 §9.1).
    private static func deflate(
        _ head: RequestHead, in bytes: Span<UInt8>, policy: DeflatePolicy?, contextBytes: Int
    ) throws(HandshakeRefusal) -> DeflateParameters? {
        var lines = head.webSocketExtensions
        var answer: DeflateParameters?
        var isEmpty = true
        do throws(MalformedExtensions) {
            while let line = lines.next(in: bytes) {
                var list = ExtensionList(line)
                while let name = try list.nextExtension(in: bytes) {
                    isEmpty = false
                    let offer = try DeflateParameters.parse(name, &list, in: bytes, as: .offer)
                    let other = offer.flatMap {
                        policy?.answer(to: $0, contextBytes: contextBytes)
                    }
                    answer = cheaper(answer, other)
                }
            }
            if isEmpty { throw MalformedExtensions() }
        } catch {
            throw HandshakeRefusal(.badRequest, MalformedExtensions.reason)
        }
        return answer
    }

    private static func cheaper(
        _ first: DeflateParameters?, _ second: DeflateParameters?
    ) -> DeflateParameters? {
        guard let first, let second else { return first ?? second }
        return second.contextBytes < first.contextBytes ? second : first
    }
}
