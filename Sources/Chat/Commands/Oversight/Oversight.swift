/// What an operator wants to see of a server, or to do on it.
public enum Oversight: Equatable, Sendable {
    /// The figures of the server, with the samples of the last hour that were taken after this
    /// time, in milliseconds since 1970. Nil: without samples.
    case figures(after: UInt64?)
    case inspect(Subject)
    /// Close a connection, or all of a user.
    case disconnect(Subject, reason: String)
    /// End tokens before they expire.
    case revoke(Tokens)

    /// What is looked at.
    public enum Subject: Equatable, Sendable {
        case room(RoomName)
        /// The `sub` of a token.
        case user(String)
        /// The name of a connection, as the server gives it.
        case connection(String)
    }

    /// Tokens to end. Times are in seconds since 1970.
    public enum Tokens: Equatable, Sendable {
        /// Those of a user that were issued before a time. Nil: all that there are.
        case user(String, issuedBefore: Int64?)
        case token(jti: String)
        case all(issuedBefore: Int64)
    }

    /// Bytes of a `sub`, of a `jti` and of the name of a connection.
    public static let nameBytes = 1...128
    /// The longest reason that is given to somebody who is disconnected, in bytes. A Close has room
    /// for 123.
    public static let reasonBytes = 100
}
