/// The lines that a moderator wants to delete, by what they have in common. All that is named must
/// hold; of several authors, one is enough.
public struct PurgeOrder: Equatable, Sendable {
    public var users: [String] = []
    public var username: String?
    /// The author of this line.
    public var line: UInt64?
    /// Whether that means everybody of the author's block of addresses.
    public var isWide = false
    /// A word, or several, which the line has.
    public var matching: String?
    public var minutes: Int?
    public var from: UInt64?
    public var to: UInt64?

    /// The largest number of users that a command may name.
    static let userLimit = 1_000
    /// The longest time, in minutes: a year.
    static let longest = 525_600
    /// The largest number of lines that a command deletes, the newest ones.
    package static let lineLimit = 100_000

    public init() {}

    var isEmpty: Bool { self == PurgeOrder() }
}
