/// The settings of a room. Nil is the default.
public struct RoomSettings: Equatable, Sendable, Decodable {
    public var slowSeconds: Int?
    public var membersOnly: Bool?
    public var knownMinutes: Int?
    public var unique: Bool?
    public var links: Bool?
    public var frozen: Bool?
    public var holdSeconds: Int?
    /// The number of the pinned line.
    public var pinned: UInt64?

    public init() {}

    private enum CodingKeys: String, CodingKey {
        case unique, links, frozen, pinned
        case slowSeconds = "slow_seconds"
        case membersOnly = "members_only"
        case knownMinutes = "known_minutes"
        case holdSeconds = "hold_seconds"
    }

    /// What is different from the defaults, for people.
    public var modes: [String] {
        var modes: [String] = []
        if frozen == true { modes.append("only moderators can write") }
        if membersOnly == true { modes.append("members only") }
        if let slowSeconds, slowSeconds > 0 {
            modes.append("slow mode, one line every \(slowSeconds) s")
        }
        if let knownMinutes, knownMinutes > 0 {
            modes.append("only people who have been here for \(knownMinutes) min")
        }
        if unique == true { modes.append("no repeated lines") }
        if links == false { modes.append("no links") }
        if let holdSeconds, holdSeconds > 0 { modes.append("lines appear after \(holdSeconds) s") }
        if let pinned { modes.append("line \(pinned) is pinned") }
        return modes
    }
}
