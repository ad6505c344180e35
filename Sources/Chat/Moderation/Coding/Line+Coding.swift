/// A line that isn't deleted.
extension Line: Codable {
    private struct Fields: Codable {
        let seq: UInt64
        let time: Timestamp
        let username: String
        let message: String
        let user: String?
        let badge: Badge?
    }

    public init(from decoder: any Decoder) throws {
        let fields = try Fields(from: decoder)
        self.init(
            seq: fields.seq, time: fields.time, username: fields.username,
            message: fields.message, by: Author(user: fields.user, badge: fields.badge))
    }

    public func encode(to encoder: any Encoder) throws {
        try Fields(
            seq: seq, time: time, username: username, message: message, user: author.user,
            badge: author.badge
        ).encode(to: encoder)
    }
}
