/// The parameters in an element of `Forwarded`, such as `for="[2001:db8::1]";proto=https` (RFC 7239
/// §4).
public enum ForwardedParameter {
    /// The value of the first parameter with this name, given in lowercase, without its quotes.
    public static func value(
        of name: StaticString, in element: Range<Int>, of bytes: Span<UInt8>
    ) -> Range<Int>? {
        var start = element.lowerBound
        while start < element.upperBound {
            let rest = start..<element.upperBound
            let end = bytes.firstIndex(of: UInt8(ascii: ";"), in: rest) ?? element.upperBound
            let pair = start..<end
            start = end + 1
            guard let equals = bytes.firstIndex(of: UInt8(ascii: "="), in: pair) else { continue }
            let found = bytes.trimmed(pair.lowerBound..<equals)
            guard bytes.matches(found, ignoringCase: name) else { continue }
            return unquoted(bytes.trimmed(equals + 1..<end), in: bytes)
        }
        return nil
    }

    private static func unquoted(_ value: Range<Int>, in bytes: Span<UInt8>) -> Range<Int> {
        let quote = UInt8(ascii: "\"")
        guard value.count > 1, bytes[value.lowerBound] == quote,
            bytes[value.upperBound - 1] == quote
        else { return value }
        return value.lowerBound + 1..<value.upperBound - 1
    }
}
