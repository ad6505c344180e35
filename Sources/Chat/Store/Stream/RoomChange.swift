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
        /// Lines were purged. Those of a single user, if there is one.
        case purged(user: String?)
        /// A change was undone.
        case restored(Restoration)
        /// Something that is over, of which nobody is told again.
        case past

        /// Whether lines are back.
        public var bringsBack: Bool {
            switch self {
            case .restored(let restored): !restored.seqs.isEmpty
            case .deleted, .settings, .banned, .unbanned, .purged, .past: false
            }
        }
    }

    /// 1, 2, 3 … in its room, without gaps.
    public let rev: UInt64
    /// The number of the last line before the change.
    public let after: UInt64
    public let time: Timestamp
    public let kind: Kind
    /// The lines that a purge takes away, in order. A ban may purge, too.
    public let purged: [UInt64]

    public init(
        rev: UInt64, after: UInt64, time: Timestamp, kind: Kind, purged: [UInt64] = []
    ) {
        self.purged = purged
        self.rev = rev
        self.after = after
        self.time = time
        self.kind = kind
    }

    /// The only user that purged lines are of, if there is one.
    public var user: String? {
        switch kind {
        case .purged(let user): user
        case .banned(let ban): ban.target.user
        case .deleted, .settings, .unbanned, .restored, .past: nil
        }
    }

    /// The settings of the room from now on. Nil if they stay.
    public var settings: RoomSettings? {
        switch kind {
        case .settings(let settings): settings
        case .restored(let restored): restored.settings
        case .deleted, .banned, .unbanned, .purged, .past: nil
        }
    }

    /// The lines that it takes away.
    public var goneLines: [UInt64] {
        switch kind {
        case .deleted(let seqs): seqs
        case .settings, .banned, .unbanned, .purged, .restored, .past: purged
        }
    }
}
