/// Takes a head apart into lines as its bytes come in; bytes that were looked at once are not
/// looked at again.
struct HeadLines: Equatable, Sendable {
    /// Where the next line starts.
    private(set) var position: Int
    /// Up to here the next line neither ends nor has an illegal byte.
    private var scanned: Int

    /// The lines from `position` on, at which one of them starts.
    init(at position: Int = 0) {
        self.position = position
        scanned = position
    }

    /// What is there of the next line, without a CR that may belong to its end.
    var partial: Range<Int> {
        position..<scanned
    }

    /// The next line, without its CRLF; nil while it isn't complete before `limit`.
    ///
    /// A CR alone, a LF alone and control bytes are refused wherever they are (RFC 9112 §2.2,
    /// RFC 9110 §5.5): two readers might not see the same lines.
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
