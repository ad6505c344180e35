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
        return PostedMessage(
            message: try message.string(named: PlainForm.message, in: text),
            username: try username.present?.string(named: PlainForm.username, in: text))
    }
}
