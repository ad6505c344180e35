internal import Chat
internal import Logging
internal import Reactor

/// What senders learn while the orderer can't be reached, and members if it comes back with less
/// than was known.
extension Server where Net: ~Copyable {
    /// The refusal of a line that can't be stored.
    static var storeUnavailable: Refusal { .storeUnavailable(retryAfter: Limits.storeRetry) }

    /// The refusal of a line that may have been stored.
    private static var outcomeUnknown: Refusal { .storeUncertain(after: Limits.storeRetry) }

    /// Refuses a line that can't be stored now.
    // Inlined: otherwise the call, which changes nothing, would get a copy of the server.
    @inline(__always)
    func checkStore() throws(Refusal) {
        if let objection = storeObjection { throw objection }
    }

    /// Why no line is taken now. Nil if lines are taken.
    @inline(__always)
    var storeObjection: Refusal? { history.takesLines ? nil : Self.storeUnavailable }

    /// A line has waited too long for the disk.
    @inline(never)
    mutating func tellHang() {
        history.toldHang()
        log.warning(
            "The disk doesn't answer: lines wait to be stored, and /readyz says 503",
            metadata: ["lines": "\(history.commits.count)"])
        tellOutage()
    }

    /// Whether a line that is on its way waits for an orderer that doesn't answer.
    // Inlined: otherwise the call, which changes nothing, would get a copy of the server.
    @inline(__always)
    private var isOutage: Bool {
        switch history.phase {
        case .opening, .checking: false
        case .open, .failing: history.patience.isOver(at: clock.coarse)
        }
    }

    /// If lines have waited too long, their senders learn that the outcome isn't known. The lines
    /// stay on their way: who sends one again with its id is told its number once it is known.
    /// Lines that were not submitted yet are refused if they can't be stored soon.
    mutating func tellOutage() {
        guard isOutage else { return }
        for line in history.commits.takeUnanswered() {
            refuse(line.draft, Self.outcomeUnknown, to: line.askers)
        }
        guard !history.takesLines else { return }
        for line in history.commits.takeCollecting() {
            hub.failed(line.draft)
            refuse(line.draft, Self.storeUnavailable, to: line.askers)
        }
    }

    /// Tells the connections that wait for a line why they get no number.
    mutating func refuse(_ draft: Draft, _ refusal: Refusal, to askers: CommitQueue.Askers) {
        askers.tell { token in
            guard connections.contains(token) else { return }
            refuse(token.index, refusal, id: draft.key)
        }
    }

    /// A line that is on its way has come again.
    mutating func saidAgain(_ index: Int, _ key: String?, _ ticket: UInt64) {
        guard isOutage else {
            return history.commits.awaited(ticket, by: connections.token(at: index))
        }
        refuse(index, Self.outcomeUnknown, id: key)
    }

    /// A room that is followed has begun another epoch. The hub knows where its members go on.
    mutating func epochBegan(_ snapshot: RoomSnapshot, in room: RoomID, _ name: RoomName) {
        let keepsChanges =
            streams[room].changes.last == hub.lastRev(of: room)
            && streams[room].changes.areKnown(to: snapshot)
        if !keepsChanges {
            hub.changesBegan(at: snapshot.lastRev, in: room)
            hub.set(snapshot.settings, in: room)
            streams[room].changes = RoomChanges(after: snapshot.lastRev)
        }
        history.epochBegan(in: name)
        feeder.epochBegan(in: name, pool: &outbox.pool)
        let gaps = EpochNews.tell(
            room, losesChanges: !keepsChanges, hub, streams, &connections, &outbox,
            at: clock.coarse)
        for _ in 0..<gaps { feeder.countGap() }
    }
}
