/// The grammar of `uri-host [":" port]`, as `Host` and request targets carry it
/// (RFC 9110 §7.2, RFC 3986 §3.2).
enum Authority {
    /// Whether the range is a host, possibly empty, with or without a port.
    @inline(__always)
    static func isValid(_ range: Range<Int>, in bytes: Span<UInt8>) -> Bool {
        // Most authorities are only a name.
        if ByteSet.registeredName.end(in: bytes.extracting(range)) == range.count { return true }
        return isHostWithPort(range, in: bytes)
    }

    private static func isHostWithPort(_ range: Range<Int>, in bytes: Span<UInt8>) -> Bool {
        guard let hostEnd = hostEnd(range, in: bytes) else { return false }
        if hostEnd == range.upperBound { return true }
        return bytes[hostEnd] == UInt8(ascii: ":")
            && isPort(hostEnd + 1..<range.upperBound, in: bytes)
    }

    /// Whether the range is a host and a port, both not empty: the authority-form of CONNECT (RFC
    /// 9112 §3.2.3).
    static func isHostAndPort(_ range: Range<Int>, in bytes: Span<UInt8>) -> Bool {
        guard isValid(range, in: bytes), let hostEnd = hostEnd(range, in: bytes) else {
            return false
        }
        return hostEnd > range.lowerBound && hostEnd + 1 < range.upperBound
    }

    /// Whether there is a host. An http URI must name one (RFC 9110 §4.2.1).
    static func hasHost(_ range: Range<Int>, in bytes: Span<UInt8>) -> Bool {
        !range.isEmpty && bytes[range.lowerBound] != UInt8(ascii: ":")
    }

    private static func hostEnd(_ range: Range<Int>, in bytes: Span<UInt8>) -> Int? {
        if !range.isEmpty, bytes[range.lowerBound] == UInt8(ascii: "[") {
            return literalEnd(range, in: bytes)
        }
        var end = range.lowerBound
        while true {
            end += ByteSet.registeredName.end(in: bytes.extracting(end..<range.upperBound))
            guard end < range.upperBound, bytes[end] == UInt8(ascii: "%") else { return end }
            guard end + 2 < range.upperBound, bytes[end + 1].isHexDigit, bytes[end + 2].isHexDigit
            else { return nil }
            end += 3
        }
    }

    /// The end of `"[" IPv6address "]"`. An IPvFuture has no meaning yet and is rejected.
    private static func literalEnd(_ range: Range<Int>, in bytes: Span<UInt8>) -> Int? {
        guard let bracket = bytes.firstIndex(of: UInt8(ascii: "]"), in: range) else { return nil }
        var colons = 0
        for index in range.lowerBound + 1..<bracket {
            let byte = bytes[index]
            if byte == UInt8(ascii: ":") {
                colons += 1
            } else if !byte.isHexDigit && byte != UInt8(ascii: ".") {
                return nil
            }
        }
        return (2...7).contains(colons) ? bracket + 1 : nil
    }

    /// Whether the range is a port: digits that fit in 16 bits, or nothing (RFC 3986 §3.2.3).
    private static func isPort(_ range: Range<Int>, in bytes: Span<UInt8>) -> Bool {
        var port = 0
        for index in range {
            guard bytes[index].isDigit else { return false }
            port = port * 10 + Int(bytes[index] & 0x0F)
            guard port <= 65_535 else { return false }
        }
        return true
    }
}
