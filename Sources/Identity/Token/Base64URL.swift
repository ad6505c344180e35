/// Base64 for URLs (RFC 4648 section 5) without padding, as tokens use it.
package enum Base64URL {
    /// The bytes of `text`. There is exactly one text for them: padding, white space and bits that
    /// mean nothing are refused, so that two readers can't see different tokens.
    package static func decode(_ text: Span<UInt8>) throws(TokenRefusal) -> [UInt8] {
        guard text.count % 4 != 1 else { throw .notBase64URL }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 4 * 3 + 2)
        var word: UInt32 = 0
        var bits: UInt32 = 0
        for index in text.indices {
            guard let value = value(of: text[index]) else { throw .notBase64URL }
            word = word << 6 | value
            bits += 6
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(truncatingIfNeeded: word >> bits))
            }
        }
        guard word & (1 << bits - 1) == 0 else { throw .nonCanonical }
        return bytes
    }

    /// The text of some bytes.
    package static func encode(_ bytes: Span<UInt8>) -> [UInt8] {
        let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8.span
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count * 4 + 2) / 3)
        var word: UInt32 = 0
        var bits: UInt32 = 0
        for index in bytes.indices {
            word = word << 8 | UInt32(bytes[index])
            bits += 8
            while bits >= 6 {
                bits -= 6
                text.append(alphabet[Int(word >> bits & 63)])
            }
        }
        if bits > 0 { text.append(alphabet[Int(word << (6 - bits) & 63)]) }
        return text
    }

    private static func value(of character: UInt8) -> UInt32? {
        switch character {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(character - UInt8(ascii: "A"))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(character - UInt8(ascii: "a")) + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(character - UInt8(ascii: "0")) + 52
        case UInt8(ascii: "-"): 62
        case UInt8(ascii: "_"): 63
        default: nil
        }
    }
}
