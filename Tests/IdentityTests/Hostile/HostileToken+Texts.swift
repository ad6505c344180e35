import Identity

extension HostileToken {
    /// Texts that are no token in its one form.
    static let texts: [HostileToken] = [
        HostileToken("nothing", .empty, []),
        HostileToken("a word", .notThreeParts, Array("token".utf8)),
        HostileToken("two parts", .notThreeParts, parts.0 + dot + parts.1),
        HostileToken("four parts", .notThreeParts, good + dot + parts.2),
        HostileToken(
            "five parts", .notThreeParts, parts.0 + dot + dot + parts.1 + dot + dot + parts.2),
        HostileToken("a dot at the end", .notThreeParts, good + dot),
        HostileToken("only dots", .headerNotJSON, Array("..".utf8)),
        HostileToken("a megabyte", .tooLong, Array(repeating: UInt8(ascii: "A"), count: 1 << 20)),
        HostileToken(
            "claims of a megabyte", .tooLong,
            Forge.claiming(#""x":"\#(String(repeating: "x", count: 1 << 20))""#)),
        HostileToken(
            "one byte too long", .tooLong, Array(repeating: UInt8(ascii: "A"), count: 8_193)),
        HostileToken("padding", .notBase64URL, parts.0 + dot + parts.1 + dot + parts.2 + equals),
        HostileToken("padding of the claims", .notBase64URL, good(parts.1 + equals)),
        HostileToken("a space before", .notBase64URL, [0x20] + good),
        HostileToken("a newline after", .notBase64URL, good + [0x0A]),
        HostileToken("a newline within", .notBase64URL, good([0x0A] + parts.1)),
        HostileToken("a tab within", .notBase64URL, good(parts.1 + [0x09])),
        HostileToken("a zero byte", .notBase64URL, good + [0]),
        HostileToken("the usual base64", .notBase64URL, good(parts.1 + Array("+/".utf8))),
        HostileToken("a byte above 127", .notBase64URL, good(parts.1 + [0xFF])),
        HostileToken("a lone last character", .notBase64URL, good(Array("AAAAA".utf8))),
        HostileToken(
            "last bits that mean nothing", .nonCanonical,
            parts.0 + dot + parts.1 + dot + tail(parts.2)),
        HostileToken(
            "last bits of the header", .nonCanonical,
            Array("e31".utf8) + dot + parts.1 + dot + parts.2),
        HostileToken("a header that isn't UTF-8", .notUTF8, raw(header: [0x7B, 0xFF, 0x7D])),
        HostileToken("claims that aren't UTF-8", .notUTF8, raw(claims: [0x7B, 0xC3, 0x28, 0x7D])),
        HostileToken(
            "claims with a surrogate in UTF-8", .notUTF8, raw(claims: [0xED, 0xA0, 0x80])),
        HostileToken(
            "claims with an overlong zero", .notUTF8, raw(claims: [0x7B, 0xC0, 0x80, 0x7D])),
    ]

    private static let dot = [UInt8(ascii: ".")]
    private static let equals = [UInt8(ascii: "=")]
    private static let good = Forge().token
    private static let parts = {
        let parts = good.split(separator: UInt8(ascii: ".")).map(Array.init)
        return (parts[0], parts[1], parts[2])
    }()

    private static func good(_ claims: [UInt8]) -> [UInt8] {
        parts.0 + dot + claims + dot + parts.2
    }

    /// The same bytes with another last character: a code of 32 bytes ends with two bits that
    /// aren't used.
    private static func tail(_ text: [UInt8]) -> [UInt8] {
        let alphabet = Array(
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
        guard let last = text.last, let place = alphabet.firstIndex(of: last) else { return text }
        return text.dropLast() + [alphabet[place | 1]]
    }

    private static func raw(
        header: [UInt8] = Array(#"{"alg":"HS256"}"#.utf8), claims: [UInt8] = Array("{}".utf8)
    ) -> [UInt8] {
        let signed = Base64URL.encode(header.span) + dot + Base64URL.encode(claims.span)
        return signed + dot + Base64URL.encode(Forge.signer(.hs256)(signed).span)
    }
}
