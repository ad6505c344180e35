/// A line that comes as the content of a request: `{"message":"hi","username":"ann"}`.
public struct PostedMessage: Equatable, Sendable {
    public let message: String
    /// Nil if it isn't given.
    public let username: String?
    /// The author, if the sender speaks for others.
    public let speaker: Speaker

    /// Somebody for whom a trusted sender speaks.
    public struct Speaker: Equatable, Sendable {
        public var user: String?
        public var role: String?

        /// Whether nobody is named.
        public var isNobody: Bool { user == nil && role == nil }
    }

    /// The same from a user with a name that it can't choose. Nil if it can.
    public func said(as name: String?) -> PostedMessage {
        name.map { PostedMessage(message: message, username: $0, speaker: speaker) } ?? self
    }

    private init(message: String, username: String?, speaker: Speaker) {
        (self.message, self.username, self.speaker) = (message, username, speaker)
    }

    /// Parses the content, which must be UTF-8, by the rules of ``Command/parse(_:)``. Only the
    /// form is checked here; ``ChatText`` checks the two texts.
    ///
    /// - Parameter speaksForOthers: whether `user` and `role` count. Otherwise they are ignored, as
    ///   unknown fields are.
    public static func parse(
        _ text: Span<UInt8>, speaksForOthers: Bool = false
    ) throws(Refusal) -> PostedMessage {
        let fields = try PlainForm.fields(of: text)
        return PostedMessage(
            message: try fields.message.string(named: PlainForm.message, in: text),
            username: try fields.username.present?.string(named: PlainForm.username, in: text),
            speaker: speaksForOthers && fields.hasOthers ? try speaker(in: text) : Speaker())
    }

    /// Scans a text that was scanned before.
    private static func speaker(in text: Span<UInt8>) throws(Refusal) -> Speaker {
        var scanner = JSONScanner()
        var speaker = Speaker()
        var nextKey = try scanner.firstKeyOfText(in: text)
        while let key = nextKey {
            if key.equals("user", in: text) {
                speaker.user = try JSONField(&scanner, in: text).string(named: "user", in: text)
            } else if key.equals("role", in: text) {
                speaker.role = try JSONField(&scanner, in: text).string(named: "role", in: text)
            } else {
                try scanner.skipValue(in: text)
            }
            nextKey = try scanner.nextKey(in: text)
        }
        return speaker
    }
}
