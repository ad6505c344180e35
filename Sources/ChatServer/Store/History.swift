internal import Chat
internal import Reactor

/// The server's side of the orderer: what was asked of it, who waits for what, and how it fares.
struct History {
    enum Phase {
        /// It has yet to say that it is open.
        case opening
        case open
        /// Nothing can be stored at present.
        case failing
    }

    /// Who wants lines of a page.
    enum Reader {
        /// A member that is behind.
        case member(Token)
        /// A `history` command.
        case command(Token)
    }

    /// Lines that are asked for: those of a room from a number on.
    struct ReadKey: Hashable {
        let room: RoomName
        let from: UInt64
    }

    struct Read {
        var through: UInt64
        var readers: [Reader]
    }

    /// Nil if rooms are ordered in place, by the hub, and nothing is stored.
    let orderer: (any Orderer)?
    private(set) var phase = Phase.opening
    var commits = CommitQueue()
    /// Rooms whose state was asked for, each with the connections whose command waits for it.
    private(set) var openings: [RoomName: [Token]] = [:]
    /// Rooms with members that could not be followed, and when to try again.
    private(set) var unfollowed: [RoomName] = []
    private(set) var followAgain = CoarseTime.never
    /// Reads that were asked for, under way or not. Those who want the same lines share one.
    private(set) var reads: [ReadKey: Read] = [:]
    /// Those that are not under way, in their order, from `nextRead` on.
    private var waitingReads: [ReadKey] = []
    private var nextRead = 0
    private(set) var readsUnderWay = 0
    /// Kept so that its memory is used again.
    private var replies: [OrdererReply] = []

    init(orderer: (any Orderer)?) {
        self.orderer = orderer
    }

    /// Whether rooms are ordered in place: then nothing is asked of anybody.
    var isInPlace: Bool { orderer == nil }

    // MARK: Storing

    /// The orderer is open, or works again.
    mutating func recovered() { phase = .open }

    mutating func failed() { phase = .failing }

    /// Whether a line may wait to be stored.
    var takesLines: Bool {
        phase != .failing && commits.count < Limits.draftsWaiting
            && commits.bytes < Limits.draftBytesWaiting
    }

    /// Whether nothing that was accepted is still on its way.
    var isSettled: Bool { commits.isEmpty }

    /// Hands the next group of lines over, if none is under way.
    @inline(__always)
    mutating func commit() {
        if !isInPlace { submitGroup() }
    }

    private mutating func submitGroup() {
        guard let group = commits.nextGroup(atMost: Limits.groupLines) else { return }
        orderer?.submit(.append(group))
    }

    /// Lines of a group, at these places, whose fate is unknown: they are submitted again.
    mutating func resubmit(_ places: [Int], of group: CommitQueue.Group) {
        orderer?.submit(.append(commits.resubmit(places, of: group)))
    }

    /// All that the orderer has to say. ``giveBack(_:)`` takes the list back.
    mutating func takeReplies() -> [OrdererReply] {
        // Taken out, so that nobody else holds the memory and it isn't copied to grow.
        var taken: [OrdererReply] = []
        swap(&taken, &replies)
        orderer?.takeReplies(into: &taken)
        return taken
    }

    mutating func giveBack(_ list: consuming [OrdererReply]) {
        list.removeAll(keepingCapacity: list.count <= Limits.repliesKept)
        replies = list
    }

    // MARK: Following

    /// A room with members is to be followed.
    mutating func follow(_ room: RoomName) {
        guard !isInPlace, openings[room] == nil else { return }
        openings[room] = []
        orderer?.submit(.follow(room))
    }

    /// A room that is followed, or is about to be, tells its state again.
    mutating func followAgain(_ room: RoomName) { orderer?.submit(.follow(room)) }

    /// The room's last member has left. As long as its state is on its way the room is not given
    /// up, because whoever comes meanwhile does not ask again: the answer shows if somebody is
    /// there.
    mutating func unfollow(_ room: RoomName) {
        if openings[room] == nil { orderer?.submit(.unfollow(room)) }
    }

    /// A connection's command waits for the state of a room.
    mutating func awaitOpening(of room: RoomName, _ token: Token) {
        follow(room)
        openings[room]?.append(token)
    }

    /// Connections that waited for the state of a room.
    mutating func takeOpening(of room: RoomName) -> [Token] {
        openings.removeValue(forKey: room) ?? []
    }

    /// A room with members can't be followed: that is tried again after a moment.
    mutating func failedToFollow(_ room: RoomName, at now: CoarseTime) {
        unfollowed.append(room)
        if followAgain == .never {
            followAgain = now.advanced(byMilliseconds: Limits.storeRetry)
        }
    }

    /// Rooms that are to be tried again; empty as long as it isn't time.
    mutating func takeUnfollowed(at now: CoarseTime) -> [RoomName] {
        guard followAgain <= now else { return [] }
        defer { (unfollowed, followAgain) = ([], .never) }
        return unfollowed
    }

    // MARK: Reading

    /// Somebody wants lines of a room.
    mutating func read(_ key: ReadKey, through: UInt64, for reader: Reader) {
        if reads[key] != nil {
            reads[key]?.readers.append(reader)
            return
        }
        reads[key] = Read(through: through, readers: [reader])
        waitingReads.append(key)
        submitReads()
    }

    /// Who waited for lines. The next read is under way.
    mutating func takeRead(_ key: ReadKey) -> [Reader] {
        readsUnderWay -= 1
        let readers = reads.removeValue(forKey: key)?.readers ?? []
        submitReads()
        return readers
    }

    /// A few at a time: what comes back waits in memory until it is sent.
    private mutating func submitReads() {
        while readsUnderWay < Limits.readsAtOnce, nextRead < waitingReads.count {
            let key = waitingReads[nextRead]
            nextRead += 1
            guard let read = reads[key] else { continue }
            readsUnderWay += 1
            orderer?.submit(.read(key.room, from: key.from, through: read.through))
        }
        if nextRead == waitingReads.count {
            waitingReads = []
            nextRead = 0
        }
    }
}
