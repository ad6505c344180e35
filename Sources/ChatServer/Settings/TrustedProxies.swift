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

    /// The address of the client whose request arrived from `peer`. Each proxy appends the address
    /// that its request came from. So the list is read from its end, for as long as its authors are
    /// trusted: everything before that may be forged. If the field is missing or malformed, the
    /// client is the peer.
    func client(of peer: SocketAddress, _ head: RequestHead, in bytes: Span<UInt8>) -> SocketAddress
    {
        guard contains(peer) else { return peer }
        var chain: [SocketAddress?] = []
        let isForwarded = field == .forwarded
        var fields = isForwarded ? head.forwarded : head.forwardedFor
        while let value = fields.next(in: bytes) {
            let list = String(decoding: bytes, in: value)
            for element in list.split(separator: ",", omittingEmptySubsequences: false) {
                let node =
                    isForwarded ? Self.parameter("for", of: element) : Substring(element)
                chain.append(node.flatMap(Self.address))
            }
        }
        var client = peer
        for hop in chain.reversed() {
            guard let hop else { break }
            client = hop
            if !contains(hop) { break }
        }
        return client
    }

    /// The hosts, perhaps with ports, that a request was sent to before a proxy passed it on,
    /// according to its fields.
    func hosts(_ head: RequestHead, in bytes: Span<UInt8>) -> [String] {
        switch field {
        case .forwardedFor:
            return head.values(of: "x-forwarded-host:", in: bytes).flatMap { value in
                String(decoding: bytes, in: value).split(separator: ",")
                    .map { String(Self.trim($0)) }
            }
        case .forwarded:
            var hosts: [String] = []
            var fields = head.forwarded
            while let value = fields.next(in: bytes) {
                hosts += String(decoding: bytes, in: value).split(separator: ",")
                    .compactMap { Self.parameter("host", of: $0).map { String($0) } }
            }
            return hosts
        }
    }

    /// The value of a parameter in one element of `Forwarded`, such as
    /// `for="[2001:db8::1]";proto=https`.
    private static func parameter(_ name: String, of element: Substring) -> Substring? {
        for pair in element.split(separator: ";") {
            let parts = pair.split(separator: "=", maxSplits: 1)
            guard parts.count == 2, trim(parts[0]).lowercased() == name else { continue }
            let value = trim(parts[1])
            return value.hasPrefix("\"") && value.hasSuffix("\"") && value.count > 1
                ? value.dropFirst().dropLast() : value
        }
        return nil
    }

    /// The address of a node: `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1`, `[2001:db8::1]:80`. Nil
    /// for `unknown` and for obfuscated identifiers (RFC 7239 section 6).
    private static func address(_ node: Substring) -> SocketAddress? {
        var text = trim(node)
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else { return nil }
            text = text[text.index(after: text.startIndex)..<end]
        } else if text.filter({ $0 == ":" }).count == 1, let colon = text.firstIndex(of: ":") {
            text = text[..<colon]
        }
        return SocketAddress(numeric: String(text))
    }

    private static func trim(_ text: Substring) -> Substring {
        let front = text.drop { $0 == " " || $0 == "\t" }
        guard let last = front.lastIndex(where: { $0 != " " && $0 != "\t" }) else { return front }
        return front[...last]
    }
}

extension String {
    /// The text of a field's value. Invalid UTF-8 is replaced, and therefore matches no address.
    fileprivate init(decoding bytes: Span<UInt8>, in range: Range<Int>) {
        self.init(decoding: range.map { bytes[$0] }, as: UTF8.self)
    }
}
