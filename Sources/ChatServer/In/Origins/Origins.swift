internal import Chat
internal import Reactor

/// Where connections come from: keyed hashes of the blocks of their addresses. Addresses aren't
/// kept.
struct Origins {
    private let key: ModerationRules.AddressKey
    private let ipv4Mask: UInt64
    private let ipv6Masks: (high: UInt64, low: UInt64)
    private let firstConnection: UInt64
    /// By the index of the connection. 0 if the address means nothing.
    private var blocks: [UInt64] = []

    init(_ rules: ModerationRules) {
        key = rules.addressKey
        firstConnection = rules.firstConnection
        ipv4Mask = Self.mask(rules.ipv4Bits + 32)
        ipv6Masks = (Self.mask(rules.ipv6Bits), Self.mask(rules.ipv6Bits - 64))
    }

    /// The highest bits of a word, as many as `bits`.
    private static func mask(_ bits: Int) -> UInt64 {
        bits <= 0 ? 0 : bits >= 64 ? .max : ~(UInt64.max >> UInt64(bits))
    }

    /// A connection was accepted. A private address is that of a proxy, or of all neighbours.
    mutating func opened(_ index: Int, _ address: SocketAddress) {
        while blocks.count <= index { blocks.append(0) }
        blocks[index] = address.isPrivate ? 0 : hash(address)
    }

    /// A trusted proxy has named the client of a connection.
    mutating func named(_ index: Int, _ client: SocketAddress) { blocks[index] = hash(client) }

    /// The origin of a connection with this token.
    @inline(__always)
    func origin(_ token: Token) -> Origin {
        Origin(
            block: token.index < blocks.count ? blocks[token.index] : 0,
            connection: firstConnection &+ token.rawValue)
    }

    /// The name of a connection with this token, as operators see it.
    func name(of token: Token) -> String {
        String(firstConnection &+ token.rawValue, radix: 36)
    }

    /// The token of the connection with this name, which may have ended. Nil if it is no name.
    func token(named name: String) -> Token? {
        guard let number = UInt64(name, radix: 36) else { return nil }
        return Token(rawValue: number &- firstConnection)
    }

    private func hash(_ address: SocketAddress) -> UInt64 {
        let hash =
            address.isIPv6
            ? KeyedHash.of(6, address.high & ipv6Masks.high, address.low & ipv6Masks.low, key)
            : KeyedHash.of(4, 0, address.low & ipv4Mask, key)
        // 0 stands for an unknown one.
        return max(hash, 1)
    }
}
