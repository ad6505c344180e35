internal import CLinux
internal import Glibc

/// An IPv4 or IPv6 address and a port. An IPv4 address that arrives on an IPv6 socket
/// (`::ffff:192.0.2.1`, RFC 4291 section 2.5.5.2) counts as an IPv4 address.
public struct SocketAddress: Hashable, Sendable, CustomStringConvertible {
    /// The address in network order. An IPv4 address takes the low four bytes of `low`.
    public var high: UInt64
    public var low: UInt64
    public var port: UInt16
    public var isIPv6: Bool
    /// The interface of a link-local IPv6 address; 0 for every other address.
    public var scope: UInt32

    /// The IPv4 address `a.b.c.d`, given as a number with `a` in its highest byte.
    public init(ipv4 number: UInt32, port: UInt16) {
        (high, low, self.port, isIPv6, scope) = (0, UInt64(number), port, false, 0)
    }

    init(_ raw: clinux_address) {
        isIPv6 = Int32(raw.family) == AF_INET6
        port = raw.port
        scope = raw.scope
        let b = raw.bytes
        func join(_ bytes: [UInt8]) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }
        if isIPv6 {
            high = join([b.0, b.1, b.2, b.3, b.4, b.5, b.6, b.7])
            low = join([b.8, b.9, b.10, b.11, b.12, b.13, b.14, b.15])
        } else {
            high = 0
            low = join([b.0, b.1, b.2, b.3])
        }
    }

    var raw: clinux_address {
        var raw = clinux_address()
        raw.family = UInt16(isIPv6 ? AF_INET6 : AF_INET)
        raw.port = port
        raw.scope = scope
        func byte(_ word: UInt64, _ place: UInt64) -> UInt8 {
            UInt8(truncatingIfNeeded: word >> (8 * place))
        }
        let (h, l) = (high, low)
        if isIPv6 {
            raw.bytes = (
                byte(h, 7), byte(h, 6), byte(h, 5), byte(h, 4),
                byte(h, 3), byte(h, 2), byte(h, 1), byte(h, 0),
                byte(l, 7), byte(l, 6), byte(l, 5), byte(l, 4),
                byte(l, 3), byte(l, 2), byte(l, 1), byte(l, 0)
            )
        } else {
            (raw.bytes.0, raw.bytes.1) = (byte(l, 3), byte(l, 2))
            (raw.bytes.2, raw.bytes.3) = (byte(l, 1), byte(l, 0))
        }
        return raw
    }

    public var isLoopback: Bool {
        isIPv6 ? high == 0 && low == 1 : low >> 24 == 127
    }

    /// Whether it is of a private or local network, where it says nothing about who is behind it.
    public var isPrivate: Bool {
        if isIPv6 { return high >> 57 == 0xFC >> 1 || high >> 54 == 0xFE80 >> 6 || isLoopback }
        let blocks: [(UInt64, UInt64)] = [
            (10, 8), (127, 8), (0xA9FE, 16), (0xAC1, 12), (0xC0A8, 16), (0x191, 10),
        ]
        return blocks.contains { prefix, bits in low >> (32 - bits) == prefix }
    }

    /// The address without the port. In IPv6, zeros are compressed only for the wildcard and the
    /// loopback address.
    public var host: String {
        guard isIPv6 else {
            return [24, 16, 8, 0].map { String(low >> $0 & 0xff) }.joined(separator: ".")
        }
        if high == 0 && low <= 1 { return low == 0 ? "::" : "::1" }
        let groups = [high, low].flatMap { word in
            [48, 32, 16, 0].map { String(word >> $0 & 0xffff, radix: 16) }
        }
        return groups.joined(separator: ":") + (scope == 0 ? "" : "%\(scope)")
    }

    /// `192.0.2.1:8080` or `[2001:db8:0:0:0:0:0:1]:8080`.
    public var description: String { isIPv6 ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
