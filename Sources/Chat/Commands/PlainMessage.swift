/// A message of a client of the plain dialect: `{"username":"ann","message":"hi"}`.
public struct PlainMessage: Equatable, Sendable {
    public let username: String
    public let message: String

    init(username: String, message: String) {
        self.username = username
        self.message = message
    }

    /// Parses one text frame. Only the form is checked here; ``ChatText`` checks the two texts.
    ///
    /// Unknown fields are ignored. If a field appears twice, the last one counts: RFC 8259 section
    /// 4 leaves this open, and most implementations do the same. JSON that is broken anywhere is
    /// `invalid_json`, whatever else is wrong. A missing field, or one that isn't a string, is
    /// `invalid_command`.
    public static func parse(_ text: Span<UInt8>) throws(Refusal) -> PlainMessage {
        try PlainMessage(PlainFields(text), in: text)
    }

    /// The same message from a client with a name that it can't choose. Nil if it can.
    public func said(as name: String?) -> PlainMessage {
        name.map { PlainMessage(username: $0, message: message) } ?? self
    }

    /// The texts at these locations in `text`.
    public init(_ fields: PlainFields, in text: Span<UInt8>) throws(Refusal) {
        username = try fields.username.string(in: text)
        message = try fields.message.string(in: text)
    }
}
