/// What somebody wants to change in a room.
public enum Moderation: Equatable, Sendable {
    /// Delete these lines. There is at least one, and at most ``lineLimit``.
    case delete(seqs: [UInt64])
    /// Change settings of the room.
    case settings(RoomSettings.Patch)
    /// Apply the settings that are prepared for a raid, or take them back.
    case panic(Bool)

    /// The largest number of lines that one command may name.
    public static let lineLimit = 100

    /// Distinguishes what is wanted by 64 bits, as ``RecentSends/digest(of:)`` does for texts.
    public var digest: UInt64 {
        switch self {
        case .delete(let seqs):
            RecentSends.digest(
                of: "delete " + seqs.map { String($0) }.joined(separator: " "))
        case .settings(let patch): RecentSends.digest(of: "settings \(patch)")
        case .panic(let isOn): RecentSends.digest(of: "panic \(isOn)")
        }
    }
}
