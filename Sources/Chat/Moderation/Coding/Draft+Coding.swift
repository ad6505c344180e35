extension Draft: Codable {
    private struct Fields: Codable {
        let room: RoomName
        let time: Timestamp
        let username: String
        let message: String
        let user: String?
        let badge: Badge?
        let key: String?
        let block: UInt64
        let connection: UInt64
        let sent: UInt64?
    }

    public init(from decoder: any Decoder) throws {
        let fields = try Fields(from: decoder)
        self.init(
            room: fields.room, time: fields.time, username: fields.username,
            message: fields.message, by: Author(user: fields.user, badge: fields.badge),
            key: fields.key)
        origin = Origin(block: fields.block, connection: fields.connection)
        sentDigest = fields.sent
    }

    public func encode(to encoder: any Encoder) throws {
        try Fields(
            room: room, time: time, username: username, message: message, user: author.user,
            badge: author.badge, key: key, block: origin.block, connection: origin.connection,
            sent: sentDigest
        ).encode(to: encoder)
    }
}
