/// Where the two texts of a plain message lie in its text frame. Nothing is allocated to find that
/// out.
public struct PlainFields: Equatable {
    let username: JSONScanner.Text
    let message: JSONScanner.Text

    /// Reads one text frame, as ``PlainMessage/parse(_:)`` says.
    public init(_ text: Span<UInt8>) throws(Refusal) {
        if let usual = Self(usual: text) {
            self = usual
        } else {
            try self.init(scanning: text)
        }
    }

    /// Nearly always a message is what `JSON.stringify` makes of an object of the two texts, and
    /// neither has an escape. Nil where it is anything else.
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

    /// Any text.
    init(scanning text: Span<UInt8>) throws(Refusal) {
        var scanner = JSONScanner()
        var username = JSONField.missing
        var message = JSONField.missing
        var nextKey = try scanner.firstKeyOfText(in: text)
        while let key = nextKey {
            if key.equals(PlainForm.username, in: text) {
                username = try JSONField(&scanner, in: text)
            } else if key.equals(PlainForm.message, in: text) {
                message = try JSONField(&scanner, in: text)
            } else {
                try scanner.skipValue(in: text)
            }
            nextKey = try scanner.nextKey(in: text)
        }
        try scanner.finish(in: text)
        self.username = try username.text(named: PlainForm.username)
        self.message = try message.text(named: PlainForm.message)
    }
}
