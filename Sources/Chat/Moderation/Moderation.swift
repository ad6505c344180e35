/// What somebody wants to change in a room.
public enum Moderation: Equatable, Sendable {
    /// Delete these lines. There is at least one, and at most ``lineLimit``.
    case delete(seqs: [UInt64])
    /// Change settings of the room.
    case settings(RoomSettings.Patch)
    /// Apply the settings that are prepared for a raid, or take them back.
    case panic(Bool)

    /// Ban somebody, or only silence.
    case ban(BanOrder)
    /// End bans and timeouts.
    case unban(UnbanOrder)

    /// Delete lines that have something in common.
    case purge(PurgeOrder)
    /// Say a line that waits.
    case approve(held: UInt64)
    /// Never say it.
    case reject(held: UInt64)
    /// Change the terms that lines may not have.
    case terms(TermsOrder)
    /// Undo a change.
    case undo(rev: UInt64)

    /// The largest number of lines that one command may name.
    public static let lineLimit = 100

    /// The line whose author it is about, if it names one.
    public var line: UInt64? {
        switch self {
        case .ban(let order): order.who.line
        case .unban(.who(let who)): who.line
        case .purge(let order): order.line
        case .unban(.rev), .delete, .settings, .panic, .terms, .approve, .reject, .undo: nil
        }
    }

    /// The held line that it decides about.
    package var held: UInt64? {
        switch self {
        case .approve(let held), .reject(let held): held
        case .delete, .settings, .panic, .ban, .unban, .purge, .terms, .undo: nil
        }
    }

    /// Distinguishes what is wanted by 64 bits, as ``RecentSends/digest(of:)`` does for texts.
    public var digest: UInt64 {
        switch self {
        case .delete(let seqs):
            RecentSends.digest(
                of: "delete " + seqs.map { String($0) }.joined(separator: " "))
        case .settings(let patch): RecentSends.digest(of: "settings \(patch)")
        case .panic(let isOn): RecentSends.digest(of: "panic \(isOn)")
        case .ban(let order): RecentSends.digest(of: "ban \(order)")
        case .unban(let order): RecentSends.digest(of: "unban \(order)")
        case .purge(let order): RecentSends.digest(of: "purge \(order)")
        case .approve(let held): RecentSends.digest(of: "approve \(held)")
        case .reject(let held): RecentSends.digest(of: "reject \(held)")
        case .terms(let order): RecentSends.digest(of: "terms \(order.text)")
        case .undo(let rev): RecentSends.digest(of: "undo \(rev)")
        }
    }
}
