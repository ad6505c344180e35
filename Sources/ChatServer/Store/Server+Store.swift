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
        guard history?.takesLines == false else { return }
        throw Self.storeUnavailable
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
            counts.storeFailures += 1
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
        for place in seqs.indices {
            let (draft, seq) = (group.drafts[place], seqs[place])
            if let room = hub.stored(draft, as: seq) { publish(draft, as: seq, in: room) }
            history?.stored(seq, in: draft.room)
            guard draft.key != nil else { continue }
            group.askers[place].tell { token in
                guard connections.contains(token) else { return }
                acknowledge(token.index, draft.key, draft.room, seq, draft.time)
            }
        }
        counts.linesStored += UInt64(group.count)
        openEarlyRooms()
    }

    /// A group could not be stored: none of its lines was ever said.
    private mutating func appendFailed() {
        guard let group = history?.commits.takeGroup() else { return }
        for (draft, askers) in zip(group.drafts, group.askers) {
            hub.failed(draft)
            askers.tell { token in
                guard connections.contains(token) else { return }
                refuse(token.index, Self.storeUnavailable, id: draft.key)
            }
        }
        openEarlyRooms()
    }

    /// A room was looked up, or could not be.
    private mutating func lookedUp(_ room: RoomName, _ record: RoomRecord?) {
        guard history?.isEarly(record, of: room) == false else { return }
        opened(room, record)
    }

    /// A page has come for everybody who wanted it; some of them may be gone.
    private mutating func receivedPage(_ key: History.ReadKey, _ page: HistoryPage?) {
        guard let readers = history?.takeRead(key) else { return }
        if let page { hub.pruned(key.room, oldest: page.oldest) }
        var members: [Token] = []
        for reader in readers {
            switch reader {
            case .command(let token): answerHistory(token, page)
            case .member(let token): members.append(token)
            }
        }
        guard let room = hub.room(named: key.room), !members.isEmpty else { return }
        var batch: SealedBatch?
        if let lines = page?.lines, let first = lines.first, let last = lines.last {
            batch = streams.encode(
                lines, covering: first.seq...last.seq, of: room, named: key.room, clock: &clock,
                pool: &outbox.pool)
        }
        feeder.arrived(ArrivedPage(key: key, page: page, batch: batch, members: members))
    }

    private mutating func openEarlyRooms() {
        for early in history?.takeEarlyRecords() ?? [] { opened(early.room, early.record) }
    }

    /// Hands what was said in this tick to the store, and forgets what it need not know any more.
    mutating func commitDrafts() {
        history?.commit()
        hub.forgetSends(at: clock.wall, atMost: Limits.sendsForgottenAtOnce)
    }
}
