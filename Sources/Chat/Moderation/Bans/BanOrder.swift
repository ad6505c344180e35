/// A timeout or a ban that a moderator wants.
public struct BanOrder: Equatable, Sendable {
    /// The people, as a moderator names them.
    public enum Who: Equatable, Sendable {
        case user(String)
        case username(String)
        /// The author of this line.
        case line(UInt64)

        var line: UInt64? {
            if case .line(let seq) = self { seq } else { nil }
        }
    }

    public var who: Who
    public var isTimeout: Bool
    /// Nil: for ever.
    public var seconds: Int?
    public var reason = ""
    /// Whether it means everybody of the author's block of addresses.
    public var isWide = false
    /// Whether its people's lines are deleted.
    public var purges = false

    /// The time of a timeout that says nothing else, and the longest one, in seconds.
    static let timeout = 600
    static let longest = 315_360_000
    /// The longest reason, in characters.
    static let reasonLimit = 200

    public init(_ who: Who, isTimeout: Bool = false, seconds: Int? = nil) {
        self.who = who
        self.isTimeout = isTimeout
        self.seconds = seconds
    }

    /// The people that it means. `line` is the one that it names, if that exists, and `origin` is
    /// where it comes from. Throws if they may not be touched.
    public func target(
        line: Line?, from origin: Origin?, by author: Author
    ) throws(Refusal) -> BanTarget {
        guard author.moderates else { throw .notModerator }
        switch who {
        case .user(let user):
            guard author.user.map({ !$0.hasSameBytes(as: user) }) ?? true else {
                throw .betterRank
            }
            return BanTarget(.user, user: user)
        case .username(let name): return BanTarget(.name, username: name)
        case .line:
            guard let line, !line.isDeleted, line.author.badge != .system else {
                throw .noSuchLine
            }
            guard author.outranks(line.author) else { throw .betterRank }
            let origin = origin ?? .unknown
            if let user = line.author.user {
                return BanTarget(.user, user: user, username: line.username)
            }
            return BanTarget(
                isWide && origin.block != 0 ? .block : .guest, username: line.username,
                origin: origin)
        }
    }
}
