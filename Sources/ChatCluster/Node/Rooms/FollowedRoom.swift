internal import Chat

/// A room that a node follows.
struct FollowedRoom {
    /// What is missing.
    enum Need: Equatable {
        case nothing
        /// Entries after the position.
        case entries
        /// The room's state.
        case state
    }

    enum Subscription {
        case none
        case asked
        case active
    }

    /// Whether the server waits for the state as the shard has it, with all entries up to it.
    enum Wait {
        case nothing
        /// What is under way was asked for after the server's last question.
        case answer
        /// What is under way may be older.
        case nextAnswer
    }

    /// Nil until the room was opened in this epoch.
    private(set) var known: KnownRoom?
    var subscription = Subscription.none
    /// Whether the shard was asked for the room's state, or for entries.
    private(set) var isOpening = false
    private(set) var isCatchingUp = false
    /// Whether the state must be asked for as soon as that is possible.
    private(set) var needsState = true
    /// The highest numbers that the server was told, in this epoch and before. No line after them
    /// may have them again.
    private(set) var seen = RoomCursor()
    private(set) var wait = Wait.nothing
    /// Publications that are early.
    private var waiting: [Publication] = []
    private var waitingEntries = 0
    /// The last position that was heard of.
    private var heard = RoomCursor()

    /// Whether the state is to be asked for now.
    var canOpen: Bool { needsState && !isOpening && subscription == .active }

    /// Whether the server waits for the state, and the shard wasn't asked for it. A line that is
    /// said now must come as an entry.
    var holdsLines: Bool { known == nil && !isOpening }

    /// Whether the server waits for the state, although one is known.
    var isAwaited: Bool { wait != .nothing }

    /// Whether nothing is under way that brings what is missing.
    private var isIdle: Bool { !isOpening && !isCatchingUp }

    /// Whether entries up to a position are missing, and nothing is under way that brings them.
    func misses(_ cursor: RoomCursor) -> Bool {
        guard let known, isIdle else { return false }
        return known.position.isBefore(cursor)
    }

    /// Another epoch has begun: the room must be opened again.
    mutating func epochEnded() {
        (known, needsState, isOpening, isCatchingUp) = (nil, true, false, false)
        wait = .nothing
        forget()
    }

    /// The connections are gone.
    mutating func cut() {
        needsState = needsState || isOpening
        (isOpening, isCatchingUp, subscription) = (false, false, .none)
    }

    mutating func opening() { isOpening = true }

    /// What came as an answer is of no use.
    mutating func failedToOpen() { (isOpening, needsState) = (false, true) }

    mutating func catchingUp() { isCatchingUp = true }

    /// The server asks for the state as the shard has it now. Returns whether to ask for entries.
    mutating func awaited() -> Bool {
        wait = isIdle ? .answer : .nextAnswer
        return isIdle
    }

    /// The server isn't left to wait any longer.
    mutating func gaveUpWait() { wait = .nothing }

    /// Something has arrived. Returns whether it answers the server, and whether to ask for entries
    /// once more.
    mutating func takeWait() -> (isAnswer: Bool, asksAgain: Bool) {
        guard isIdle else { return (false, false) }
        defer { wait = wait == .nextAnswer ? .answer : .nothing }
        return (wait == .answer, wait == .nextAnswer)
    }

    /// The entries could not be read. A later beat finds that they are missing.
    mutating func failedToCatchUp() { isCatchingUp = false }

    /// A publication of this epoch has arrived. Adds the entries that are next to `entries`.
    mutating func received(_ publication: Publication, into entries: inout [RoomEntry]) -> Need {
        guard known != nil, take(publication, into: &entries) else {
            keep(publication)
            return known != nil && isIdle ? .entries : .nothing
        }
        takeWaiting(into: &entries)
        return need
    }

    /// The state is needed, although there is one.
    mutating func lostTrack() { needsState = true }

    /// The entries after the position have arrived.
    mutating func caughtUp(_ found: [StoredEntry], into entries: inout [RoomEntry]) -> Need {
        isCatchingUp = false
        guard let before = known?.position else { return .nothing }
        for entry in found where !take(entry, into: &entries) { return .state }
        takeWaiting(into: &entries)
        // If the shard has no entries up to what was heard, they are gone, or the numbers jump.
        if known?.position == before, need == .entries {
            forget()
            return .state
        }
        return need
    }

    /// The state has arrived.
    mutating func opened(_ snapshot: RoomSnapshot) {
        (isOpening, needsState) = (false, false)
        let new = KnownRoom(snapshot)
        // An old answer must not take back what was told since.
        if let known, new.position.isBefore(known.position) { return }
        known = new
        told(new.position)
    }

    /// Takes what has waited for the state.
    mutating func takeEarly(into entries: inout [RoomEntry]) -> Need {
        takeWaiting(into: &entries)
        return need
    }

    /// Lines before this one are gone. Returns whether that is news.
    mutating func pruned(_ oldest: UInt64) -> Bool { known?.pruned(oldest) ?? false }

    private var need: Need {
        guard let known, isIdle else { return .nothing }
        return known.position.isBefore(heard) ? .entries : .nothing
    }

    /// There are entries up to this position.
    mutating func heard(of cursor: RoomCursor) {
        if heard.isBefore(cursor) { heard = cursor }
    }

    private mutating func told(_ cursor: RoomCursor) {
        seen = RoomCursor(seq: max(seen.seq, cursor.seq), rev: max(seen.rev, cursor.rev))
    }

    private mutating func keep(_ publication: Publication) {
        heard(of: publication.last)
        guard waitingEntries + publication.entries.count <= ShardLimits.waitingEntries else {
            return
        }
        waiting.append(publication)
        waitingEntries += publication.entries.count
    }

    private mutating func forget() { (waiting, waitingEntries, heard) = ([], 0, RoomCursor()) }

    /// Returns whether nothing is missing before it.
    private mutating func take(
        _ publication: Publication, into entries: inout [RoomEntry]
    ) -> Bool {
        guard let position = known?.position, !position.isBefore(publication.previous) else {
            return false
        }
        for entry in publication.entries where !take(entry, into: &entries) { return false }
        return true
    }

    private mutating func take(_ entry: StoredEntry, into entries: inout [RoomEntry]) -> Bool {
        switch known?.take(entry) {
        case .next:
            told(entry.cursor)
            entries.append(entry.entry)
            return true
        case .known: return true
        case .early, nil: return false
        }
    }

    private mutating func takeWaiting(into entries: inout [RoomEntry]) {
        guard !waiting.isEmpty else { return }
        let all = waiting.sorted { $0.previous.isBefore($1.previous) }
        (waiting, waitingEntries) = ([], 0)
        for publication in all where !take(publication, into: &entries) { keep(publication) }
    }
}

extension Publication {
    /// The position after it.
    var last: RoomCursor { entries.last?.cursor ?? previous }
}
