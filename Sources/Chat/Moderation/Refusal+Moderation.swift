/// Refusals of changes.
extension Refusal {
    public static let notModerator = Refusal(
        .forbidden, "Only moderators of the room may do that.")
    public static let notOwner = Refusal(
        .forbidden, "Only owners of the whole server may do that.")
    public static let betterRank = Refusal(
        .forbidden, "Nobody acts on equals or betters: ask somebody of a higher role.")
    /// Refuses to show anything of the server.
    public static let notOperator = Refusal(
        .forbidden, "Only owners of the whole server, and moderators of rooms, may see that.")
    public static let notHere = Refusal(
        .forbidden, "This is told on the port for operators only: connect there.")
    public static let noSuchConnection = Refusal(
        .notFound, "There is no such connection: it has ended, or isn't in your rooms.")
    public static let revocationFailed = Refusal(
        .storeUnavailable, "Nothing was revoked, because it can't be kept: see the server's log.")
    public static let tooManyRevocations = Refusal(
        .forbidden, "Too many users and tokens are revoked already.")
    static let tooLateToDelete = Refusal(
        .forbidden,
        "Own lines can be deleted for \(Deletion.ownPeriod / 60_000) minutes: ask a moderator.")
    package static let nothingToUndo = Refusal(
        .notFound, "There is no such change, or it was undone, or can't be.")
    package static let undoExpired = Refusal(.undoExpired, "It is too late to undo that.")
    package static let noSuchLine = Refusal(
        .notFound, "There is no such line: it is gone, or was never said.")

    /// Refuses a change whose `id` belongs to another one.
    public static let changeIDReused = Refusal(
        .idReused, "The id was sent with another command: choose a new one.")

    static let frozen = Refusal(.frozen, "The room is frozen: wait until a moderator opens it.")
    static let membersOnly = Refusal(
        .membersOnly, "Only members may say something here: log in first.")
    static let linksRefused = Refusal(
        .linksRefused, "Links aren't allowed in this room: leave them out.")

    /// Its author isn't told which term it was: that would help to write around it.
    static let termBlocked = Refusal(
        .termBlocked, "This line has something that isn't allowed here: write it in other words.")
    static let usernameNotAllowed = Refusal(
        .invalidUsername, "This user name has something that isn't allowed here: choose another.")
    public static let tooManyTerms = Refusal(
        .forbidden, "The server has too many terms in all its rooms: remove some first.")

    static let repeated = Refusal(
        .repeated, "You have said that within the last minute: say something else.")

    /// `retryAfter` is in milliseconds.
    static func tooNew(minutes: Int, retryAfter: UInt64) -> Refusal {
        Refusal(
            .tooNew,
            "Only those who joined at least \(minutes) minutes ago may say something; "
                + "try again in \(retryAfter) ms.",
            retryAfter: retryAfter)
    }

    /// `retryAfter` is in milliseconds.
    static func slowMode(seconds: Int, retryAfter: UInt64) -> Refusal {
        Refusal(
            .slowMode,
            "Slow mode: one line in \(seconds) seconds; try again in \(retryAfter) ms.",
            retryAfter: retryAfter)
    }
}
