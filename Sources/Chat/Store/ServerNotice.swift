/// What one server does, and all others of its cluster have to do, too, besides changes of rooms.
public enum ServerNotice: Equatable, Sendable {
    /// Tokens were revoked. The text is a line of their keeper.
    case revoked(String)
    /// The connections of a user are closed. The reason is for it.
    case disconnectedUser(String, reason: String)
    /// A connection is closed. It is named as operators see it.
    case disconnected(connection: String, reason: String)
}
