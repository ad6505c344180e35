/// One line of a head: `name: value`, as places in the bytes (RFC 9112 §5).
struct FieldLine {
    let name: Range<Int>
    /// Without the white space around it; it may be empty.
    let value: Range<Int>

    /// Takes a line apart that `HeadLines` has found.
    @inline(__always)
    init(_ line: Range<Int>, in bytes: Span<UInt8>) throws(RequestViolation) {
        let text = bytes.extracting(line)
        let colon = ByteSet.token.end(in: text)
        guard colon > 0, colon < text.count, text[colon] == UInt8(ascii: ":") else {
            throw Self.illegalName(text, end: colon)
        }
        name = line.lowerBound..<line.lowerBound + colon
        value = bytes.trimmed(name.upperBound + 1..<line.upperBound)
    }

    private static func illegalName(_ line: Span<UInt8>, end: Int) -> RequestViolation {
        guard end < line.count else { return .malformed("A field line has no colon.") }
        return switch (line[end].isWhitespace, end == 0) {
        case (true, true): .malformed("A line starts with white space (RFC 9112, 5.2).")
        case (true, false): .malformed("A field name is followed by white space (RFC 9112, 5.1).")
        case (false, true): .malformed("A field has no name, or one with an illegal byte.")
        case (false, false): .malformed("A field name has an illegal byte.")
        }
    }
}
