/// What a moderator wants to see of a room's changes.
public enum ReportQuery: Equatable, Sendable {
    /// The bans and timeouts in force that were made after a change, the oldest first.
    case bans(after: UInt64, limit: Int)

    /// What moderators have done before a change, the newest first.
    case log(before: UInt64, limit: Int)

    /// The terms whose texts come after this one in the order of bytes.
    case terms(after: String, limit: Int)

    /// The largest number of entries in an answer, and the usual one.
    public static let limit = 200
    public static let standard = 50
}
