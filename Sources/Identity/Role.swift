public import Chat

/// What somebody may do in a room, from little to much.
public enum Role: UInt8, Comparable, CaseIterable, Sendable {
    case guest
    case member
    case vip
    case moderator
    case owner

    /// The role of this name, or nil.
    public init?(_ name: String) {
        guard let role = Role.allCases.first(where: { $0.name == name }) else { return nil }
        self = role
    }

    /// The name in tokens and on the wire.
    public var name: String {
        switch self {
        case .guest: "guest"
        case .member: "member"
        case .vip: "vip"
        case .moderator: "moderator"
        case .owner: "owner"
        }
    }

    /// What lines show of it. Nil if they don't.
    public var badge: Badge? {
        switch self {
        case .guest, .member: nil
        case .vip: .vip
        case .moderator: .moderator
        case .owner: .owner
        }
    }

    public static func < (one: Role, other: Role) -> Bool { one.rawValue < other.rawValue }
}
