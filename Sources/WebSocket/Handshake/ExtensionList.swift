/// Walks through a value of `Sec-WebSocket-Extensions`: extensions and their parameters in order
/// (RFC 6455 §9.1). White space may stand between any two elements.
struct ExtensionList {
    /// `name` or `name=value`.
    struct Parameter {
        let name: Range<Int>
        /// The value without its quotes. A backslash in it quotes the byte after it.
        let value: Range<Int>?
    }

    static let backslash = UInt8(ascii: "\\")

    private var position: Int
    private let end: Int

    init(_ value: Range<Int>) {
        position = value.lowerBound
        end = value.upperBound
    }

    /// The name of the next extension. Read its parameters before the next call.
    mutating func nextExtension(
        in bytes: Span<UInt8>
    ) throws(MalformedExtensions) -> Range<Int>? {
        skipWhitespace(in: bytes)
        // Empty elements are ignored, as in every list of HTTP (RFC 9110 §5.6.1).
        while take(UInt8(ascii: ","), in: bytes) {}
        return position < end ? try token(in: bytes) : nil
    }

    /// The extension's next parameter.
    mutating func nextParameter(in bytes: Span<UInt8>) throws(MalformedExtensions) -> Parameter? {
        guard position < end, bytes[position] != UInt8(ascii: ",") else { return nil }
        guard take(UInt8(ascii: ";"), in: bytes) else { throw MalformedExtensions() }
        let name = try token(in: bytes)
        guard take(UInt8(ascii: "="), in: bytes) else { return Parameter(name: name, value: nil) }
        guard position < end, bytes[position] == UInt8(ascii: "\"") else {
            return Parameter(name: name, value: try token(in: bytes))
        }
        return Parameter(name: name, value: try quotedToken(in: bytes))
    }

    private mutating func token(in bytes: Span<UInt8>) throws(MalformedExtensions) -> Range<Int> {
        let start = position
        position += ByteSet.token.end(in: bytes.extracting(start..<end))
        guard position > start else { throw MalformedExtensions() }
        let token = start..<position
        skipWhitespace(in: bytes)
        return token
    }

    /// A quoted string. Without its quotes it must be a token.
    private mutating func quotedToken(
        in bytes: Span<UInt8>
    ) throws(MalformedExtensions) -> Range<Int> {
        let start = position + 1
        position = start
        while position < end, bytes[position] != UInt8(ascii: "\"") {
            if bytes[position] == Self.backslash { position += 1 }
            guard position < end, ByteSet.token.contains(bytes[position]) else {
                throw MalformedExtensions()
            }
            position += 1
        }
        let token = start..<position
        guard !token.isEmpty, take(UInt8(ascii: "\""), in: bytes) else {
            throw MalformedExtensions()
        }
        return token
    }

    /// Takes this byte, and the white space after it, if it is next.
    private mutating func take(_ byte: UInt8, in bytes: Span<UInt8>) -> Bool {
        guard position < end, bytes[position] == byte else { return false }
        position += 1
        skipWhitespace(in: bytes)
        return true
    }

    private mutating func skipWhitespace(in bytes: Span<UInt8>) {
        while position < end, bytes[position].isWhitespace { position += 1 }
    }
}
