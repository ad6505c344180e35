internal import Chat
internal import Logging
internal import Reactor

/// What comes back from the store, and what goes to it: see ``History``.
extension Server where Net: ~Copyable {
    /// What a sender is told when its line can't be stored.
    static var storeUnavailable: Refusal { .storeUnavailable(retryAfter: Limits.storeRetry) }

    /// Whether a line may be accepted now: not where it could not be kept.
    // Inlined, because a call that changes nothing is given a copy of the server.
    @inline(__always)
    func checkStore() throws(Refusal) {
        guard let history else { return }
        let commits = history.commits
        guard history.phase != .failing, commits.count < Limits.draftsWaiting,
            commits.bytes < Limits.draftBytesWaiting
        else { throw Self.storeUnavailable }
    }

    /// Whether the server is ready for clients, as far as the store is concerned.
    /// One that is about to open is: lines wait for it.
    var isStoreReady: Bool { history.map { $0.phase != .failing } ?? true }

    /// The store has woken us: takes all that it has to say.
    mutating func takeReplies() {
        guard let store = history?.store else { return }
        // Taken out, so that nobody else holds the memory and it isn't copied to grow.
        var taken: [HistoryReply] = []
        swap(&taken, &replies)
        store.takeReplies(into: &taken)
        for reply in taken { received(reply) }
        taken.removeAll(keepingCapacity: taken.count <= Limits.repliesKept)
        swap(&taken, &replies)
    }

    private mutating func received(_ reply: HistoryReply) {
        switch reply {
        case .ready(let opening):
            history?.phase = .open
            if let epoch = history?.epoch, epoch != opening.epoch { hub.beganEpoch() }
            history?.epoch = opening.epoch
            hub.remember(opening.sends)
        case .readable(let epoch): history?.epoch = epoch
        case .failing(let reason):
            history?.phase = .failing
            metrics.storeFailures += 1
            log.error(
                "History can't be written: senders are told to try again",
                metadata: ["reason": "\(reason)"])
        case .recovered:
            history?.phase = .open
            log.notice("History can be written again")
        case .appended(let seqs): appended(seqs)
        case .appendFailed: appendFailed()
        case .opened(let room, let record): lookedUp(room, record)
        case .openFailed(let room): lookedUp(room, nil)
        case .read(let room, let from, let page):
            receivedPage(History.ReadKey(room: room, from: from), page)
        case .readFailed(let room, let from):
            receivedPage(History.ReadKey(room: room, from: from), nil)
        case .pruned(let room, let oldest): hub.pruned(room, oldest: oldest)
        }
    }

    /// A group is stored: its lines are delivered, and their senders know it.
    private mutating func appended(_ seqs: [UInt64]) {
        guard let group = history?.commits.takeGroup() else { return }
        precondition(group.count == seqs.count, "the store has numbered other lines")
        for (entry, seq) in zip(group, seqs) {
            if let line = hub.stored(entry.draft, as: seq) { publish(line) }
            history?.stored(seq, in: entry.draft.room)
            guard entry.draft.key != nil else { continue }
            for token in [entry.sender] + entry.others where connections.contains(token) {
                let draft = entry.draft
                acknowledge(token.index, draft.key, draft.room, seq, draft.time)
            }
        }
        metrics.linesStored += UInt64(group.count)
        openEarlyRooms()
    }

    /// A group could not be stored: none of its lines was ever said.
    private mutating func appendFailed() {
        guard let group = history?.commits.takeGroup() else { return }
        for entry in group {
            hub.failed(entry.draft)
            for token in [entry.sender] + entry.others where connections.contains(token) {
                refuse(token.index, Self.storeUnavailable, id: entry.draft.key)
            }
        }
        openEarlyRooms()
    }

    /// A room was looked up, or could not be.
    private mutating func lookedUp(_ room: RoomName, _ record: RoomRecord?) {
        guard history?.isEarly(record, of: room) == false else { return }
        opened(room, record)
    }

    private mutating func openEarlyRooms() {
        for early in history?.takeEarlyRecords() ?? [] { opened(early.room, early.record) }
    }

    /// Hands what was said in this tick to the store, and forgets what it need not know any more.
    mutating func commitDrafts() {
        history?.commit()
        hub.forgetSends(
            at: Timestamp(milliseconds: network.wallClock()), atMost: Limits.sendsForgottenAtOnce)
    }
}
