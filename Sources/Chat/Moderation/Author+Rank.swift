/// Who may act on whom.
extension Author {
    /// Whether it may change what others do in the room.
    public var moderates: Bool {
        switch badge {
        case .moderator, .owner: user != nil
        case .vip, .system, nil: false
        }
    }

    /// The rank that its changes have. Authors who delete their own lines have the lowest.
    package var rank: Badge { badge ?? .vip }

    /// Whether it stands above another one, in a room that it moderates. The room's own lines are
    /// everybody's.
    public func outranks(_ other: Author) -> Bool {
        guard let badge, moderates else { return false }
        switch other.badge {
        case .system, nil: return true
        case let rank?: return badge > rank
        }
    }

    /// Whether it has said a line. Guests own none, because anybody can have their names.
    public func owns(_ line: Line) -> Bool {
        guard let user, let other = line.author.user else { return false }
        return user.hasSameBytes(as: other)
    }
}
