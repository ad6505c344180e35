/// A line that comes as the content of a request: `{"message":"hi","username":"ann"}`.
public struct PostedMessage: Equatable, Sendable {
    public let message: String
    /// Nil if it isn't given.
    public let username: String?

    /// The same from a user with a name that it can't choose. Nil if it can.
    public func said(as name: String?) -> PostedMessage {
        name.map { PostedMessage(message: message, username: $0) } ?? self
    }

    private init(message: String, username: String?) {
        self.message = message
        self.username = username
    }

    /// Parses the content, which must be UTF-8, by the rules of ``Command/parse(_:)``. Only the
    /// form is checked here; ``ChatText`` checks the two texts.
    public static func parse(_ text: Span<UInt8>) throws(Refusal) -> PostedMessage {
        let fields = try PlainForm.fields(of: text)
        return PostedMessage(
            message: try fields.message.string(named: PlainForm.message, in: text),
            username: try fields.username.present?.string(named: PlainForm.username, in: text))
    }
}
