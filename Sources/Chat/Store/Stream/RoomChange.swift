/// A change of a room.
public struct RoomChange: Equatable, Sendable {
    public enum Kind: Equatable, Sendable {
        /// Lines were deleted: their texts are gone, their numbers stay.
        case deleted(seqs: [UInt64])
        /// The room has these settings.
        case settings(RoomSettings)
        /// Somebody was banned or timed out.
        case banned(Ban)
        /// Bans and timeouts have ended before their time.
        case unbanned([Ban])
        /// Something that is over, of which nobody is told again.
        case past
    }

    /// 1, 2, 3 … in its room, without gaps.
    public let rev: UInt64
    /// The number of the last line before the change.
    public let after: UInt64
    public let time: Timestamp
    public let kind: Kind

    public init(rev: UInt64, after: UInt64, time: Timestamp, kind: Kind) {
        self.rev = rev
        self.after = after
        self.time = time
        self.kind = kind
    }

    /// The lines that it takes away.
    public var goneLines: [UInt64] {
        switch kind {
        case .deleted(let seqs): seqs
        case .settings, .banned, .unbanned, .past: []
        }
    }
}
