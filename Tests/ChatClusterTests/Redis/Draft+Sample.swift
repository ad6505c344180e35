import Chat

extension Draft {
    /// A draft with little to say.
    static func sample(
        _ message: String, in room: RoomName = .lobby, by author: Author = .guest,
        key: String? = nil, username: String = "ann"
    ) -> Draft {
        Draft(
            room: room, time: Timestamp(milliseconds: 1_800_000_000_123), username: username,
            message: message, by: author, key: key)
    }
}
