/// A timeout or a ban that a moderator wants to end.
public enum UnbanOrder: Equatable, Sendable {
    /// Those that mean these people.
    case who(BanOrder.Who)
    /// The one that this change made.
    case rev(UInt64)

    /// What all bans that it can mean have in common, so that others needn't be looked at. `line`
    /// is the one that it names, if that exists.
    package func trait(line: Line?) -> Trait? {
        switch self {
        case .rev(let rev): .rev(rev)
        case .who(.user(let user)): .user(user)
        case .who(.username(let name)): .foldedName(BanKey.folded(name).text)
        case .who(.line):
            line.map { line in
                line.author.user.map { .user($0) } ?? .foldedName(BanKey.folded(line.username).text)
            }
        }
    }

    package enum Trait: Equatable {
        case rev(UInt64)
        case user(String)
        case foldedName(String)
    }

    /// Those among these bans. `line` is the one that it names, if that exists. Throws if there is
    /// none, or if a better one has made it.
    public func chosen(
        among bans: [Ban], line: Line?, by author: Author
    ) throws(Refusal) -> [Ban] {
        guard author.moderates else { throw .notModerator }
        let found = bans.filter { ban in
            switch self {
            case .rev(let rev): return ban.rev == rev
            case .who(.user(let user)):
                return ban.target.user?.hasSameBytes(as: user) ?? false
            case .who(.username(let name)): return ban.target.isCalled(name)
            case .who(.line):
                guard let line, !line.isDeleted else { return false }
                if let user = line.author.user {
                    return ban.target.user?.hasSameBytes(as: user) ?? false
                }
                return ban.target.user == nil && ban.target.isCalled(line.username)
            }
        }
        guard let rank = author.badge, found.allSatisfy({ $0.rank <= rank }) else {
            throw .betterRank
        }
        guard !found.isEmpty else { throw .noSuchBan }
        return found
    }
}
