/// What the opening handshake needs of base64 (RFC 4648 §4).
enum Base64 {
    /// Appends the code of `bytes`, padded.
    static func append(_ bytes: Span<UInt8>, to output: inout [UInt8]) {
        var index = 0
        while index < bytes.count {
            let left = min(3, bytes.count - index)
            var group: UInt32 = 0
            for place in 0..<3 {
                group = group << 8 | (place < left ? UInt32(bytes[index + place]) : 0)
            }
            for place in 0..<4 {
                let sextet = UInt8(truncatingIfNeeded: group >> UInt32(18 - 6 * place)) & 0x3F
                output.append(place <= left ? digit(sextet) : 0x3D /* = */)
            }
            index += 3
        }
    }

    /// Whether the range is the one code of 16 bytes: 22 digits, of which the last carries two
    /// bits and four zeros, and two `=`.
    static func isCodeOf16Bytes(_ range: Range<Int>, in bytes: Span<UInt8>) -> Bool {
        guard range.count == 24, bytes.matches(range.upperBound - 2..<range.upperBound, "==")
        else { return false }
        var last: UInt8 = 0
        for index in range.lowerBound..<range.upperBound - 2 {
            guard let sextet = sextet(bytes[index]) else { return false }
            last = sextet
        }
        return last & 0x0F == 0
    }

    private static func digit(_ sextet: UInt8) -> UInt8 {
        switch sextet {
        case 0..<26: sextet + 0x41  // A
        case 26..<52: sextet - 26 + 0x61  // a
        case 52..<62: sextet - 52 + 0x30  // 0
        case 62: 0x2B  // +
        default: 0x2F  // /
        }
    }

    private static func sextet(_ digit: UInt8) -> UInt8? {
        switch digit {
        case 0x41...0x5A: digit - 0x41
        case 0x61...0x7A: digit - 0x61 + 26
        case 0x30...0x39: digit - 0x30 + 52
        case 0x2B: 62
        case 0x2F: 63
        default: nil
        }
    }
}
