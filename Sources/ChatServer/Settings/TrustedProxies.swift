public import Reactor
internal import WebSocket

/// The proxies that are trusted to name a client's address, and the host that it asked for.
public struct TrustedProxies: Equatable, Sendable {
    /// The field that the proxies write. A proxy passes on fields that it doesn't write, even
    /// forged ones, so no other field is used.
    public enum Field: String, Sendable {
        /// `X-Forwarded-For`, and with it `X-Forwarded-Host`.
        case forwardedFor = "x-forwarded-for"
        /// `Forwarded` (RFC 7239).
        case forwarded
    }

    public var blocks: [AddressBlock]
    public var field: Field

    public init(_ blocks: [AddressBlock] = [], field: Field = .forwardedFor) {
        self.blocks = blocks
        self.field = field
    }

    func contains(_ address: SocketAddress) -> Bool {
        blocks.contains { $0.contains(address) }
    }

    /// The most proxies that a request is believed to have passed.
    static let hopLimit = 16
    /// The longest text of an address with a port, in bytes: `[` and 45 of IPv6, `]:` and 5 digits.
    /// Longer ones needn't be parsed.
    private static let longestAddress = 53

    /// The address of the client whose request arrived from `peer`. Each proxy appends the address
    /// that its request came from. So the list is read from its end, for as long as its authors are
    /// trusted, and ``hopLimit`` addresses at most: everything before that may be forged. If the
    /// field is missing or malformed, the client is the peer.
    func client(of peer: SocketAddress, _ head: RequestHead, in bytes: Span<UInt8>) -> SocketAddress
    {
        guard contains(peer) else { return peer }
        var hops = hops(head, in: bytes)
        var client = peer
        while let hop = hops.next(in: bytes) {
            let node: Range<Int>? =
                switch field {
                case .forwardedFor: hop
                case .forwarded: ForwardedParameter.value(of: "for", in: hop, of: bytes)
                }
            guard let address = node.flatMap({ Self.address($0, in: bytes) }) else { break }
            client = address
            if !contains(address) { break }
        }
        return client
    }

    private func hops(_ head: RequestHead, in bytes: Span<UInt8>) -> TrailingElements {
        let lines =
            switch field {
            case .forwardedFor: head.forwardedFor
            case .forwarded: head.forwarded
            }
        return TrailingElements(of: lines.values(in: bytes), limit: Self.hopLimit)
    }

    /// Whether a request was sent to a host before a proxy passed it on, according to the last
    /// ``hopLimit`` hosts, perhaps with ports, in its fields.
    func names(
        _ head: RequestHead, in bytes: Span<UInt8>, host isMeant: (Span<UInt8>) -> Bool
    ) -> Bool {
        var elements: TrailingElements
        switch field {
        case .forwardedFor:
            elements = TrailingElements(
                of: head.values(of: "x-forwarded-host:", in: bytes), limit: Self.hopLimit)
        case .forwarded: elements = hops(head, in: bytes)
        }
        while let element = elements.next(in: bytes) {
            let host: Range<Int>? =
                switch field {
                case .forwardedFor: element
                case .forwarded: ForwardedParameter.value(of: "host", in: element, of: bytes)
                }
            if let host, isMeant(bytes.extracting(host)) { return true }
        }
        return false
    }

    /// The address of a node: `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1`, `[2001:db8::1]:80`. Nil
    /// for `unknown` and for obfuscated identifiers (RFC 7239 section 6).
    private static func address(_ node: Range<Int>, in bytes: Span<UInt8>) -> SocketAddress? {
        guard 1...longestAddress ~= node.count else { return nil }
        // Invalid UTF-8 is replaced, and therefore matches no address.
        var text = String(decoding: node.map { bytes[$0] }, as: UTF8.self)[...]
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else { return nil }
            text = text[text.index(after: text.startIndex)..<end]
        } else if text.utf8.count(where: { $0 == UInt8(ascii: ":") }) == 1,
            let colon = text.firstIndex(of: ":")
        {
            text = text[..<colon]
        }
        return SocketAddress(numeric: String(text))
    }
}
