/// One member in one room: a few words, and memory of its own only for what not every member has.
public struct Membership {
    /// What a member has that has a name, is told of others, or isn't at the head.
    private final class Details {
        var username: String? {
            didSet { shortName = username.flatMap { ShortName($0.utf8.span) } }
        }
        /// The name, if it is one.
        private(set) var shortName: ShortName?
        var cursor: UInt64 = 0
        var replayEnd: UInt64 = 0
        var knownChanges: UInt32 = 0
        var listens = false
        var isReading = false
    }

    public let member: MemberID
    public let room: RoomID
    /// Its place in the room's seats.
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

    /// The name under which the member speaks here, if it has given one.
    public internal(set) var username: String? {
        get { details?.username }
        set { makeDetails().username = newValue }
    }

    /// Whether that is this one.
    func isCalled(_ name: ShortName) -> Bool { details?.shortName == name }

    /// The number of the last line it was fed; kept only while it is behind.
    public internal(set) var cursor: UInt64 {
        get { details?.cursor ?? 0 }
        set { if details != nil || newValue != 0 { makeDetails().cursor = newValue } }
    }

    /// Up to this line it was promised what the room's log doesn't have any more, from the store.
    public internal(set) var replayEnd: UInt64 {
        get { details?.replayEnd ?? 0 }
        set { if details != nil || newValue != 0 { makeDetails().replayEnd = newValue } }
    }

    /// The last of the room's changes that it knows, if it is told of others.
    public internal(set) var knownChanges: UInt32 {
        get { details?.knownChanges ?? 0 }
        set { if listens { makeDetails().knownChanges = newValue } }
    }

    /// Whether it is told of others.
    public var listens: Bool { details?.listens ?? false }

    /// Whether lines for it are on their way from the store.
    public internal(set) var isReading: Bool {
        get { details?.isReading ?? false }
        set { makeDetails().isReading = newValue }
    }

    /// Whether the store is to be asked for its next line, where the room's log hasn't got it.
    public var isReplaying: Bool { cursor < replayEnd }
}
