/// One line of a head: `name: value` (RFC 9112 §5).
struct FieldLine {
    /// Nil for a field that the server doesn't read.
    let field: KnownField?
    /// The value without the white space around it, possibly empty. Always empty for a field that
    /// the server doesn't read.
    let value: Range<Int>

    /// Parses a line that ``HeadLines`` has found.
    @inline(__always)
    init(_ line: Range<Int>, in bytes: Span<UInt8>) throws(RequestViolation) {
        let text = bytes.extracting(line)
        field = KnownField(text)
        if let field {
            value = bytes.trimmed(line.lowerBound &+ field.nameBytes &+ 1..<line.upperBound)
        } else {
            try Self.checkName(text)
            value = line.upperBound..<line.upperBound
        }
    }

    /// Rejects a line that doesn't begin with a name followed directly by a colon.
    @inline(__always)
    private static func checkName(_ line: Span<UInt8>) throws(RequestViolation) {
        let colon = ByteSet.token.end(in: line)
        guard colon > 0, colon < line.count, line[colon] == UInt8(ascii: ":") else {
            throw illegalName(line, end: colon)
        }
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
