/// What somebody is in a room, the least first.
enum Standing: Int, Comparable {
    case guest
    case member
    case vip
    case moderator
    case owner

    static func < (one: Standing, other: Standing) -> Bool { one.rawValue < other.rawValue }

    /// The standing that a line shows.
    init(of line: ChatEvent) {
        self =
            switch line.role {
            case "owner"?: .owner
            case "moderator"?: .moderator
            case "vip"?: .vip
            default: line.user == nil ? .guest : .member
            }
    }

    /// The role in a token.
    var role: String { "\(self)" }
}
