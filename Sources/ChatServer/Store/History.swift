internal import Chat
internal import Filters
internal import Reactor

/// The server's side of the orderer: pending requests, the connections that wait for them, and the
/// orderer's state.
struct History {
    enum Phase {
        /// It has yet to report that it is open.
        case opening
        /// It checks its file, or what is left of one, which may take minutes. Lines wait.
        case checking
        case open
        /// Nothing can be stored now.
        case failing
    }

    /// Nil if the hub orders rooms in place and no lines are stored.
    let orderer: (any Orderer)?
    /// Keeps the changes of such rooms. Nil if only the ledger does.
    let keeper: (any Orderer)?
    /// Whether other servers share the rooms.
    let isShared: Bool
    var ledger: Ledger
    var draftBytes: Int
    private(set) var phase = Phase.opening
    private var epochs: [Epoch] = []
    var commits = CommitQueue()
    var changes = ChangeQueue()
    var reports = ReportQueue()
    var lineChecks: CheckQueue
    private(set) var patience = StorePatience()
    private(set) var openings = Openings()
    /// Rooms that could not be followed, and when to try again, or to look at lines that wait.
    private(set) var unfollowed: [RoomName] = []
    private(set) var followAgain = CoarseTime.never
    var reads = ReadQueue()
    var failedReads = FailedReads()
    /// Kept so that its memory is reused.
    private var replies: [OrdererReply] = []
    /// Keys from before the server's restart that are still to be remembered, from `nextSend` on,
    /// and the replies that have come after them.
    private(set) var sends: [StoredSend] = []
    private var nextSend = 0
    private var delayed: [OrdererReply] = []
    /// Connections that have taken a piece of an answer to `history`, and get the next one.
    private var answering: [Token] = []
    /// When they get it, if there was no memory for it.
    private var answersDue = CoarseTime(steps: 0)

    /// - Parameter draftBytes: the bytes of lines that may wait to be stored.
    init(
        orderer: (any Orderer)?, moderation: ModerationRules = ModerationRules(),
        draftBytes: Int = Limits.draftBytesWaiting
    ) {
        self.orderer = orderer
        isShared = orderer?.isShared ?? false
        keeper = orderer == nil ? moderation.keeper : nil
        ledger = Ledger(undoPeriod: moderation.undoPeriod, noTerms: TermList())
        lineChecks = CheckQueue(moderation.checker, failure: moderation.checkFailure)
        changes.holds.begin(at: moderation.firstConnection)
        self.draftBytes = draftBytes
    }

    /// Whether rooms are ordered in place, without an orderer.
    var isInPlace: Bool { orderer == nil }

    // MARK: Storing

    /// The orderer is open, or works again.
    mutating func recovered() { phase = .open }

    mutating func failed() { phase = .failing }

    /// The orderer opens, but needs a while for it.
    mutating func checks() {
        if phase != .failing { phase = .checking }
    }

    /// Whether a line may wait to be stored.
    var takesLines: Bool {
        mayTake && commits.count < Limits.draftsWaiting
            && commits.bytes < draftBytes
    }

    /// Submits the next group of lines, if none is pending.
    @inline(__always)
    mutating func commit(at now: CoarseTime) {
        if commits.isEmpty { patience.settled() } else { submitGroup(at: now) }
    }

    private mutating func submitGroup(at now: CoarseTime) {
        if commits.isCollecting { patience.collected(at: now) }
        guard let group = commits.nextGroup(atMost: Limits.groupLines) else { return }
        patience.submitted(all: !commits.isCollecting, at: now)
        orderer?.submit(.append(group))
    }

    /// It was told that a line has waited too long for the disk.
    mutating func toldHang() { patience.told() }

    /// Submits lines of a group again whose outcome is unknown.
    mutating func resubmit(_ places: [Int], of group: CommitQueue.Group) {
        orderer?.submit(.append(commits.resubmit(places, of: group)))
    }

    /// Takes all replies of the orderer. ``giveBack(_:)`` returns the list.
    mutating func takeReplies() -> [OrdererReply] {
        // Take the list out, so that its memory has one owner and isn't copied when it grows.
        var taken: [OrdererReply] = []
        swap(&taken, &replies)
        orderer?.takeReplies(into: &taken)
        keeper?.takeReplies(into: &taken)
        return taken
    }

    mutating func giveBack(_ list: consuming [OrdererReply]) {
        list.removeAll(keepingCapacity: list.count <= Limits.repliesKept)
        replies = list
    }

    // MARK: Opening

    /// Whether keys are still to be remembered. Until then, later replies wait, because they let
    /// clients send lines whose keys must be known.
    var isRemembering: Bool { !sends.isEmpty }

    /// Whether there is work that doesn't wait for anything.
    var isBusy: Bool { isRemembering || !changes.cuts.isEmpty }

    /// The orderer is open. Returns whether an epoch has ended.
    mutating func opened(with opening: OrdererOpening) -> Bool {
        defer { epochs = opening.epochs }
        (phase, sends, nextSend) = (.open, opening.sends, 0)
        return !epochs.isEmpty && epochs != opening.epochs
    }

    /// Takes at most `limit` of the keys that are to be remembered.
    mutating func takeSends(atMost limit: Int) -> ArraySlice<StoredSend> {
        let end = min(nextSend + limit, sends.count)
        defer {
            nextSend = end
            if end == sends.count { sends = [] }
        }
        return sends[nextSend..<end]
    }

    /// These replies come after keys that are still to be remembered.
    mutating func delay(_ replies: ArraySlice<OrdererReply>) { delayed += replies }

    mutating func takeDelayed() -> [OrdererReply] {
        defer { delayed = [] }
        return delayed
    }

    // MARK: Following

    /// Follows a room with members.
    mutating func follow(_ room: RoomName) {
        if !isInPlace, openings.needs(room) { orderer?.submit(.follow(room)) }
    }

    /// Requests the state of a room again that is followed, or is about to be.
    mutating func followAgain(_ room: RoomName) { orderer?.submit(.follow(room)) }

    /// The room's last member has left. While the room's state is on its way, the room stays
    /// followed, because a member that comes in the meantime doesn't request it again. The answer
    /// decides.
    mutating func unfollow(_ room: RoomName) {
        if openings.requested[room] == nil { orderer?.submit(.unfollow(room)) }
    }

    /// A connection's command waits for the state of a room.
    mutating func awaitOpening(of room: RoomName, _ token: Token) {
        if openings.add(token, for: room) {
            orderer?.submit(isShared ? .catchUp(room) : .follow(room))
        }
    }

    /// Takes the connections that waited for the state of a room.
    mutating func takeOpening(of room: RoomName) -> [Token] { openings.take(room) }

    /// The next command that may ask for its room, or nil.
    mutating func nextOpening() -> (room: RoomName, token: Token)? { openings.takeNext() }

    /// A room with members can't be followed. This is tried again after a while.
    mutating func failedToFollow(_ room: RoomName, at now: CoarseTime) {
        unfollowed.append(room)
        wake(at: now.advanced(byMilliseconds: Limits.storeRetry))
    }

    /// There is something to try at this time, or before.
    mutating func wake(at time: CoarseTime) { followAgain = min(followAgain, time) }

    /// Takes the rooms to try again. Empty until it is time.
    mutating func takeUnfollowed(at now: CoarseTime) -> [RoomName] {
        guard followAgain <= now else { return [] }
        defer { (unfollowed, followAgain) = ([], .never) }
        return unfollowed
    }

    /// When to try again what the orderer could not do. Never if there is nothing to try.
    var nextTry: CoarseTime { min(followAgain, failedReads.next) }

    // MARK: Reading

    /// A reader wants lines of a room.
    mutating func read(
        _ key: ReadQueue.Key, through: UInt64, for reader: ReadQueue.Reader
    ) {
        reads.add(key, through: through, for: reader)
        submitReads()
    }

    /// A reader doesn't wait for lines any more.
    mutating func gaveUp(_ key: ReadQueue.Key, _ reader: ReadQueue.Reader) {
        reads.gaveUp(key, reader)
    }

    /// Takes the readers that waited for lines, and submits the next read.
    mutating func takeRead(_ key: ReadQueue.Key) -> [ReadQueue.Reader] {
        let readers = reads.takeRead(key)
        submitReads()
        return readers
    }

    /// When answers to `history` can be continued. Never if there are none.
    var nextAnswers: CoarseTime { answering.isEmpty ? .never : answersDue }

    /// A connection can get the next piece of an answer.
    mutating func tookPiece(_ token: Token) { answering.append(token) }

    /// There is no memory for answers now.
    mutating func postponeAnswers(at now: CoarseTime) {
        answersDue = now.advanced(byMilliseconds: CoarseTime.step)
    }

    /// Takes the first of those connections.
    mutating func takeAnswering(atMost limit: Int) -> [Token] {
        let taken = Array(answering.prefix(limit))
        answering.removeFirst(taken.count)
        return taken
    }

    private mutating func submitReads() {
        while let (key, through) = reads.begin(atMost: Limits.readsAtOnce) {
            orderer?.submit(.read(key.room, from: key.from, through: through))
        }
    }
}
