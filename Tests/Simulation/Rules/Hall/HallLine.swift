/// A line as somebody in a hall has sent it.
struct HallLine {
    let room: String
    let username: String
    /// The `sub` of its author's tokens. Nil for a guest.
    let sub: String?
    /// The number of the client.
    let client: Int
    /// When it was sent, on the hall's clock.
    let at: Int
    /// The highest standing that the client may have had, nil if the room was closed to it.
    let standing: Standing?
    /// When the last token ended that the client may have had, in milliseconds since 1970.
    let expiry: Int64
    /// Whether a user's line can't be, because all tokens of the client were revoked.
    let isVoid: Bool
    let isAnnounced: Bool
}
