/// A role that lines show. The numbers are stored.
public enum Badge: UInt8, CaseIterable, Comparable, Sendable {
    case vip = 1
    case moderator = 2
    case owner = 3
    /// The line is one of the room itself.
    case system = 4

    /// The badge of this name, or nil.
    public init?(_ name: String) {
        guard let badge = Badge.allCases.first(where: { $0.name == name }) else { return nil }
        self = badge
    }

    /// The name on the wire.
    public var name: String {
        switch self {
        case .vip: "vip"
        case .moderator: "moderator"
        case .owner: "owner"
        case .system: "system"
        }
    }

    public static func < (one: Badge, other: Badge) -> Bool { one.rawValue < other.rawValue }
}
