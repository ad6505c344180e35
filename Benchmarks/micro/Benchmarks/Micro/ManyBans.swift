internal import Chat

/// Bans of a room: of users, of names, of guests and of blocks of addresses in turn.
final class ManyBans {
    private static let time = Timestamp(milliseconds: 1_800_000_000_000)

    private var table = BanTable()
    /// Guests and users that no ban means, more than a processor remembers of them.
    private let visitors = (0..<100_000).map { number in
        Visitor(
            user: number % 2 == 0 ? nil : "person-\(number)", username: "visitor-\(number)",
            origin: ManyBans.origin(number + 10_000_000))
    }

    private var turn = 0

    init(_ count: Int) {
        for number in 0..<count {
            table.add(
                Ban(
                    rev: UInt64(number) + 1, Self.target(number), isTimeout: false,
                    time: Self.time, end: nil, reason: "", by: "mod", rank: .moderator),
                in: .lobby)
        }
    }

    /// The next visitor comes. Nil if it may.
    func meetNext() -> Refusal? {
        turn = (turn + 1) % visitors.count
        return table.ban(of: visitors[turn], in: .lobby, at: Self.time)
    }

    private static func target(_ number: Int) -> BanTarget {
        switch number % 4 {
        case 0: BanTarget(.user, user: "user-\(number)")
        case 1: BanTarget(.name, username: "name-\(number)")
        case 2: BanTarget(.guest, username: "name-\(number)", origin: origin(number))
        default: BanTarget(.block, origin: origin(number))
        }
    }

    /// A block of its own for each number.
    private static func origin(_ number: Int) -> Origin {
        Origin(
            block: UInt64(number) &* 0x9E37_79B9_7F4A_7C15 | 1, connection: UInt64(number))
    }
}
