/// One member in one room. It takes a few words, and heap memory only for state that not every
/// member has.
public struct Membership {
    /// The state of a member that has a name, gets presence events, or isn't at the head.
    private final class Details {
        var username: String? {
            didSet { shortName = username.flatMap { ShortName($0.utf8.span) } }
        }
        /// The name, if it has the short form.
        private(set) var shortName: ShortName?
        var cursor: UInt64 = 0
        var replayEnd: UInt64 = 0
        var knownChanges: UInt32 = 0
        var listens = false
        var isReading = false
        var takesChanges = false
        var rev: UInt64 = 0
    }

    public let member: MemberID
    public let room: RoomID
    /// The index in the room's seats.
    var seat: Int32
    /// The next membership of the same member.
    var next: MembershipID
    private var details: Details?

    init(
        member: MemberID, room: RoomID, seat: Int32, next: MembershipID, username: String?,
        listens: Bool
    ) {
        self.member = member
        self.room = room
        self.seat = seat
        self.next = next
        guard listens else { return }
        let details = Details()
        details.username = username
        details.listens = true
        self.details = details
    }

    private mutating func makeDetails() -> Details {
        if let details { return details }
        let made = Details()
        details = made
        return made
    }

    /// The member's name in this room, if it has given one.
    public internal(set) var username: String? {
        get { details?.username }
        set { makeDetails().username = newValue }
    }

    /// Whether the member has this name.
    func isCalled(_ name: ShortName) -> Bool { details?.shortName == name }

    /// The number of the last line it was fed. Kept only while it is behind.
    public internal(set) var cursor: UInt64 {
        get { details?.cursor ?? 0 }
        set { if details != nil || newValue != 0 { makeDetails().cursor = newValue } }
    }

    /// The last line that it was promised from the store if the room's log doesn't have it any
    /// more.
    public internal(set) var replayEnd: UInt64 {
        get { details?.replayEnd ?? 0 }
        set { if details != nil || newValue != 0 { makeDetails().replayEnd = newValue } }
    }

    /// The last of the room's changes that it knows, if it gets presence events.
    public internal(set) var knownChanges: UInt32 {
        get { details?.knownChanges ?? 0 }
        set { if listens { makeDetails().knownChanges = newValue } }
    }

    /// Whether it gets presence events.
    public var listens: Bool { details?.listens ?? false }

    /// Whether it gets changes of the room, and tombstones in the places of deleted lines.
    public internal(set) var takesChanges: Bool {
        get { details?.takesChanges ?? false }
        set { if details != nil || newValue { makeDetails().takesChanges = newValue } }
    }

    /// The last change that it was given. Kept only while it is behind.
    public internal(set) var rev: UInt64 {
        get { details?.rev ?? 0 }
        set { if takesChanges { makeDetails().rev = newValue } }
    }

    /// Whether lines for it are on their way from the store.
    public internal(set) var isReading: Bool {
        get { details?.isReading ?? false }
        set { makeDetails().isReading = newValue }
    }

    /// Whether to ask the store for its next line if the room's log doesn't have it.
    public var isReplaying: Bool { cursor < replayEnd }
}
