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
        /// Whether it is of a reader, which has nothing of its own at the head.
        var isReader = false
    }

    private enum State {
        /// A client of the plain dialect at the head.
        case bare
        /// A nameless reader of an event stream at the head.
        case reader
        case own(Details)
    }

    public let member: MemberID
    public let room: RoomID
    /// The index in the room's seats.
    var seat: Int32
    /// The next membership of the same member.
    var next: MembershipID
    private var state = State.bare

    init(
        member: MemberID, room: RoomID, seat: Int32, next: MembershipID, username: String?,
        listens: Bool, isReader: Bool
    ) {
        self.member = member
        self.room = room
        self.seat = seat
        self.next = next
        guard listens else { return }
        guard !isReader || username != nil else {
            state = .reader
            return
        }
        let details = Details()
        details.username = username
        details.listens = true
        state = .own(details)
    }

    private var details: Details? {
        switch state {
        case .bare, .reader: nil
        case .own(let details): details
        }
    }

    private mutating func makeDetails() -> Details {
        if let details { return details }
        let made = Details()
        if isAtRest { (made.listens, made.takesChanges, made.isReader) = (true, true, true) }
        state = .own(made)
        return made
    }

    /// Whether it is a nameless reader of an event stream at the head. There are many of them, so
    /// they keep nothing: not even which changes of the members they know. They get each presence
    /// event.
    var isAtRest: Bool {
        switch state {
        case .bare, .own: false
        case .reader: true
        }
    }

    /// It falls behind, and knows the changes of the members up to this one.
    mutating func wake(knowing changes: UInt32) { makeDetails().knownChanges = changes }

    /// It is at the head.
    mutating func rest() {
        if details?.isReader == true { state = .reader }
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
        set { if newValue != cursor { makeDetails().cursor = newValue } }
    }

    /// The last line that it was promised from the store if the room's log doesn't have it any
    /// more.
    public internal(set) var replayEnd: UInt64 {
        get { details?.replayEnd ?? 0 }
        set { if newValue != replayEnd { makeDetails().replayEnd = newValue } }
    }

    /// The last of the room's changes that it knows, if it gets presence events.
    public internal(set) var knownChanges: UInt32 {
        get { details?.knownChanges ?? 0 }
        set { if listens, !isAtRest { makeDetails().knownChanges = newValue } }
    }

    /// Whether it gets presence events.
    public var listens: Bool { details?.listens ?? isAtRest }

    /// Whether it gets changes of the room, and tombstones in the places of deleted lines.
    public internal(set) var takesChanges: Bool {
        get { details?.takesChanges ?? isAtRest }
        set { if newValue != takesChanges { makeDetails().takesChanges = newValue } }
    }

    /// The last change that it was given. Kept only while it is behind.
    public internal(set) var rev: UInt64 {
        get { details?.rev ?? 0 }
        set { if takesChanges { makeDetails().rev = newValue } }
    }

    /// Whether lines for it are on their way from the store.
    public internal(set) var isReading: Bool {
        get { details?.isReading ?? false }
        set { if newValue != isReading { makeDetails().isReading = newValue } }
    }

    /// Whether to ask the store for its next line if the room's log doesn't have it.
    public var isReplaying: Bool { cursor < replayEnd }
}
