/// What a client of the plain dialect sends: `{"username":"ann","message":"hi"}`.
public struct PlainMessage: Equatable, Sendable {
    public let username: String
    public let message: String

    init(username: String, message: String) {
        self.username = username
        self.message = message
    }

    /// Reads one text frame. Only the form is checked here; what the two texts may be,
    /// `ChatText` knows.
    ///
    /// Unknown fields are ignored. Where a field is there twice the last one counts, which RFC
    /// 8259 section 4 leaves open and most implementations do. JSON that is broken anywhere is
    /// `invalid_json`, whatever else is wrong; a missing field or another type than a string is
    /// `invalid_command`.
    public static func parse(_ text: Span<UInt8>) throws(Refusal) -> PlainMessage {
        try PlainMessage(PlainFields(text), in: text)
    }

    /// The texts that lie there in `text`.
    public init(_ fields: PlainFields, in text: Span<UInt8>) throws(Refusal) {
        username = try fields.username.string(in: text)
        message = try fields.message.string(in: text)
    }
}
