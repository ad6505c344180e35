/// One escape in a JSON string (RFC 8259 section 7). A surrogate pair counts as one.
struct JSONEscape {
    let scalar: Unicode.Scalar
    /// The index after the escape.
    let end: Int

    /// Reads the escape whose backslash is at `start`.
    init(at start: Int, in bytes: Span<UInt8>) throws(Refusal) {
        guard start + 1 < bytes.count else {
            throw .invalidJSON("the escape isn't complete", at: start)
        }
        switch bytes[start + 1] {
        case UInt8(ascii: "\""): scalar = "\""
        case UInt8(ascii: "\\"): scalar = "\\"
        case UInt8(ascii: "/"): scalar = "/"
        case UInt8(ascii: "b"): scalar = "\u{8}"
        case UInt8(ascii: "f"): scalar = "\u{C}"
        case UInt8(ascii: "n"): scalar = "\n"
        case UInt8(ascii: "r"): scalar = "\r"
        case UInt8(ascii: "t"): scalar = "\t"
        case UInt8(ascii: "u"):
            self = try Self(unicodeAt: start, in: bytes)
            return
        default:
            throw .invalidJSON("the escape is unknown", at: start)
        }
        end = start + 2
    }

    private init(unicodeAt start: Int, in bytes: Span<UInt8>) throws(Refusal) {
        guard let first = Self.codeUnit(at: start, in: bytes) else {
            throw .invalidJSON(#"\u must be followed by four hexadecimal digits"#, at: start)
        }
        if let scalar = Unicode.Scalar(first) {
            self.scalar = scalar
            end = start + 6
            return
        }
        guard UTF16.isLeadSurrogate(first), let second = Self.codeUnit(at: start + 6, in: bytes),
            UTF16.isTrailSurrogate(second)
        else {
            throw .invalidJSON("an escaped surrogate lacks its other half", at: start)
        }
        scalar = UTF16.decode(UTF16.EncodedScalar([first, second]))
        end = start + 12
    }

    /// The UTF-16 code unit of the `\uXXXX` at `start`. Nil if there is no such escape.
    private static func codeUnit(at start: Int, in bytes: Span<UInt8>) -> UInt16? {
        guard start + 6 <= bytes.count, bytes[start] == UInt8(ascii: "\\"),
            bytes[start + 1] == UInt8(ascii: "u")
        else { return nil }
        var unit: UInt16 = 0
        for index in start + 2..<start + 6 {
            guard let digit = Character(Unicode.Scalar(bytes[index])).hexDigitValue else {
                return nil
            }
            unit = unit << 4 | UInt16(digit)
        }
        return unit
    }
}
