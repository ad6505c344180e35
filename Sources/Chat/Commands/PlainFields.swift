/// The locations of the two texts of a plain message in its text frame. Finding them allocates
/// nothing.
public struct PlainFields: Equatable {
    let username: JSONScanner.Text
    let message: JSONScanner.Text

    /// The place of the name, if it is written without escapes.
    package var verbatimUsername: Range<Int>? { username.hasEscapes ? nil : username.range }

    /// Parses one text frame by the rules of ``PlainMessage/parse(_:)``.
    public init(_ text: Span<UInt8>) throws(Refusal) {
        if let usual = Self(usual: text) {
            self = usual
        } else {
            try self.init(scanning: text)
        }
    }

    /// A fast path: most messages are the output of `JSON.stringify` for an object with the two
    /// texts, and neither has an escape. Nil for every other text.
    @inline(__always)
    init?(usual text: Span<UInt8>) {
        let (head, middle, tail) = (PlainForm.head, PlainForm.middle, PlainForm.tail)
        guard text.holds(head, at: 0) else { return nil }
        let name = head.utf8CodeUnitCount..<text.endOfPlainRun(from: head.utf8CodeUnitCount)
        guard text.holds(middle, at: name.upperBound) else { return nil }
        let start = name.upperBound + middle.utf8CodeUnitCount
        let end = text.endOfPlainRun(from: start)
        guard text.count - end == tail.utf8CodeUnitCount, text.holds(tail, at: end) else {
            return nil
        }
        username = JSONScanner.Text(range: name, hasEscapes: false)
        message = JSONScanner.Text(range: start..<end, hasEscapes: false)
    }

    /// The general path, for any text.
    init(scanning text: Span<UInt8>) throws(Refusal) {
        let fields = try PlainForm.fields(of: text)
        username = try fields.username.text(named: PlainForm.username)
        message = try fields.message.text(named: PlainForm.message)
    }
}
