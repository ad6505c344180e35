/// What a client of the plain dialect sends: `{"username":"ann","message":"hi"}`.
public struct PlainMessage: Equatable, Sendable {
    public let username: String
    public let message: String

    /// Reads one text frame. Only the form is checked here; what the two texts may be,
    /// `ChatText` knows.
    ///
    /// Unknown fields are ignored. Where a field is there twice the last one counts, which RFC
    /// 8259 section 4 leaves open and most implementations do. JSON that is broken anywhere is
    /// `invalid_json`, whatever else is wrong; a missing field or another type than a string is
    /// `invalid_command`.
    public static func parse(_ text: Span<UInt8>) throws(Refusal) -> PlainMessage {
        var scanner = JSONScanner()
        var username = JSONField.missing
        var message = JSONField.missing
        var nextKey = try scanner.firstKeyOfText(in: text)
        while let key = nextKey {
            if key.equals("username", in: text) {
                username = try JSONField(&scanner, in: text)
            } else if key.equals("message", in: text) {
                message = try JSONField(&scanner, in: text)
            } else {
                try scanner.skipValue(in: text)
            }
            nextKey = try scanner.nextKey(in: text)
        }
        try scanner.finish(in: text)
        return PlainMessage(
            username: try username.string(named: "username", in: text),
            message: try message.string(named: "message", in: text))
    }
}
