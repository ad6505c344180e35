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
        /// There are these terms.
        case terms(TermState)
        /// A change was undone.
        case restored(Restoration)
        /// A line that waited is to be said now.
        case approved(held: UInt64)
        /// A line that waited is never said.
        case rejected(held: UInt64)
        /// Something that is over, of which nobody is told again.
        case past

        /// Whether lines are back.
        public var bringsBack: Bool {
            switch self {
            case .restored(let restored): !restored.seqs.isEmpty
            case .deleted, .settings, .banned, .unbanned, .purged, .terms, .approved, .rejected,
                .past:
                false
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
    /// The lines that wait no more, and are never said. A ban or a purge may reject some, too.
    public var rejected: [UInt64] = []

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
        case .deleted, .settings, .unbanned, .terms, .restored, .approved, .rejected, .past: nil
        }
    }

    /// The settings of the room from now on. Nil if they stay.
    public var settings: RoomSettings? {
        switch kind {
        case .settings(let settings): settings
        case .restored(let restored): restored.settings
        case .deleted, .banned, .unbanned, .purged, .terms, .approved, .rejected, .past: nil
        }
    }

    /// The terms of the room from now on. Nil if they stay.
    public var terms: TermState? {
        switch kind {
        case .terms(let terms): terms
        case .restored(let restored): restored.terms
        case .deleted, .settings, .banned, .unbanned, .purged, .approved, .rejected, .past: nil
        }
    }

    /// The lines that it takes away.
    public var goneLines: [UInt64] {
        switch kind {
        case .deleted(let seqs): seqs
        case .settings, .banned, .unbanned, .purged, .terms, .restored, .approved, .rejected,
            .past:
            purged
        }
    }

    /// The held lines that it is about.
    package var heldLines: [UInt64] {
        switch kind {
        case .approved(let id): [id]
        case .deleted, .settings, .banned, .unbanned, .purged, .terms, .restored, .rejected,
            .past:
            rejected
        }
    }
}
