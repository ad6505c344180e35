/// Refusals because of who a client is, or isn't. They say no more than that: what is wrong with a
/// token is in the server's log.
extension Refusal {
    public static let invalidToken = Refusal(
        .invalidToken, "The token isn't valid: get a new one.")
    public static let tokenExpired = Refusal(
        .tokenExpired, "The token has expired: get a new one.")

    /// Refuses a name that belongs to a user, or looks like it.
    public static let usernameTaken = Refusal(
        .invalidUsername, "This user name, or one that looks like it, is taken: choose another.")

    /// Refuses a command of a client that is nobody yet, on a server without guests.
    public static let tokenMissing = Refusal(
        .forbidden, "This server takes no guests: send a token first, with auth.")

    /// Refuses `auth` on a server that doesn't know users.
    public static let noTokens = Refusal(.forbidden, "This server takes no tokens.")

    /// Refuses a room that the client's token closes.
    public static func closedRoom(_ room: RoomName) -> Refusal {
        Refusal(.forbidden, "The room \"\(room.text)\" is closed to you.")
    }

    /// Refuses a token while too many wait to be verified. `retryAfter` is in milliseconds.
    public static func tooManyTokens(retryAfter: UInt64) -> Refusal {
        Refusal(
            .rateLimited, "Too many tokens wait to be verified; try again in \(retryAfter) ms.",
            retryAfter: retryAfter)
    }
}
