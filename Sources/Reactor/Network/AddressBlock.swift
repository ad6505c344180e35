/// A block of addresses in CIDR notation, `10.0.0.0/8` or `2001:db8::/32` (RFC 4632, RFC 4291
/// section 2.3). An address alone is a block of one.
public struct AddressBlock: Hashable, Sendable, CustomStringConvertible {
    private let base: SocketAddress
    private let prefix: Int

    /// Nil if the text isn't a block.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = SocketAddress(numeric: String(parts[0])) else { return nil }
        let bits = address.isIPv6 ? 128 : 32
        base = address
        guard parts.count == 2 else {
            prefix = bits
            return
        }
        guard let length = Int(parts[1]), (0...bits).contains(length),
            parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        prefix = length
    }

    /// `10.0.0.0/8`; IPv6 as ``SocketAddress`` writes it.
    public var description: String { "\(base.host)/\(prefix)" }

    /// Whether the address lies in the block. The port doesn't matter.
    public func contains(_ address: SocketAddress) -> Bool {
        guard address.isIPv6 == base.isIPv6 else { return false }
        guard base.isIPv6 else {
            return Self.agree(address.low << 32, base.low << 32, bits: prefix)
        }
        return Self.agree(address.high, base.high, bits: min(prefix, 64))
            && Self.agree(address.low, base.low, bits: max(prefix - 64, 0))
    }

    /// Whether the first `bits` bits of two words are equal.
    private static func agree(_ left: UInt64, _ right: UInt64, bits: Int) -> Bool {
        // In Swift a shift by 64 gives 0, so no bits means no difference.
        (left ^ right) >> UInt64(64 - bits) == 0
    }
}
