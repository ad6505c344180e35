/// The members of a room on one server, or on several.
public struct RoomPresence: Equatable, Sendable {
    /// The number of connections.
    public let count: Int
    /// The names of those that have one, sorted by their bytes. Nil if the members are more than
    /// ``Hub/namedMembers``, or if the names aren't known.
    public let usernames: [String]?

    public static let nobody = RoomPresence(count: 0, usernames: [])

    public init(count: Int, usernames: [String]?) {
        self.count = count
        let areNamed = count <= Hub.namedMembers && (usernames?.count ?? 0) <= count
        self.usernames = areNamed ? usernames.map { ByteOrder.sorted($0) } : nil
    }

    /// Names are compared by their bytes, as clients do.
    public static func == (left: RoomPresence, right: RoomPresence) -> Bool {
        guard left.count == right.count else { return false }
        guard let mine = left.usernames, let others = right.usernames else {
            return left.usernames == nil && right.usernames == nil
        }
        return mine.count == others.count
            && zip(mine, others).allSatisfy { $0.hasSameBytes(as: $1) }
    }

    /// The members of two servers.
    public static func + (left: RoomPresence, right: RoomPresence) -> RoomPresence {
        if left.count == 0 { return right }
        if right.count == 0 { return left }
        var usernames: [String]?
        if let mine = left.usernames, let others = right.usernames { usernames = mine + others }
        return RoomPresence(count: left.count + right.count, usernames: usernames)
    }
}
