/// Splits a head into lines as its bytes arrive. Each byte is scanned only once.
struct HeadLines: Equatable, Sendable {
    /// The start of the next line.
    private(set) var position: Int
    /// The next line neither ends nor has an illegal byte before this position.
    private var scanned: Int

    /// Reads lines from `position` on, where one starts.
    init(at position: Int = 0) {
        self.position = position
        scanned = position
    }

    /// The part of the next line that has arrived, without a CR that may belong to its end.
    var partial: Range<Int> {
        position..<scanned
    }

    /// The next line, without its CRLF. Nil if it doesn't end before `limit`.
    ///
    /// A lone CR, a lone LF and control bytes are rejected everywhere (RFC 9112 §2.2, RFC 9110
    /// §5.5): two readers might see different lines.
    @inline(__always)
    mutating func next(
        in bytes: Span<UInt8>, limit: Int
    ) throws(RequestViolation) -> Range<Int>? {
        let index = bytes.firstControlByte(in: scanned..<limit)
        scanned = index
        guard index < limit else { return nil }
        guard bytes[index] == .carriageReturn else { throw Self.violation(bytes[index]) }
        guard index &+ 1 < limit else { return nil }
        guard bytes[index &+ 1] == .lineFeed else {
            throw .malformed("The request head has a CR that no LF follows.")
        }
        let line = position..<index
        position = index &+ 2
        scanned = position
        return line
    }

    private static func violation(_ byte: UInt8) -> RequestViolation {
        byte == .lineFeed
            ? .malformed("A line ends with LF alone; HTTP/1.1 asks for CRLF.")
            : .malformed("The request head has a control byte.")
    }
}
