internal import Chat
internal import Reactor

/// The server's side of the store: what was asked of it, who waits for what, and how it fares.
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

    /// Who waits for what the store knows of a room.
    struct Opening {
        var tokens: [Token] = []
        /// The last line that was stored since the store was asked, which it may not know of.
        var lastSeq: UInt64 = 0
    }

    let store: any HistoryStore
    var phase = Phase.opening
    /// Known from the moment when the store is open.
    var epoch: Epoch?
    var commits = CommitQueue()
    /// Connections of which a command waits for a room to be looked up.
    private(set) var openings: [RoomName: Opening] = [:]
    /// Records that came while lines of their rooms were being committed.
    private var earlyRecords: [(room: RoomName, record: RoomRecord?)] = []
    /// Reads that were asked for, under way or not. Who wants the same lines shares one.
    private(set) var reads: [ReadKey: Read] = [:]
    /// Those that are not under way, in their order, from `nextRead` on.
    private var waitingReads: [ReadKey] = []
    private var nextRead = 0
    private(set) var readsUnderWay = 0

    init(store: any HistoryStore) {
        self.store = store
    }

    /// Whether a line may wait to be stored.
    var takesLines: Bool {
        phase != .failing && commits.count < Limits.draftsWaiting
            && commits.bytes < Limits.draftBytesWaiting
    }

    /// Whether nothing that was accepted is still on its way.
    var isSettled: Bool { commits.isEmpty }

    /// A connection's command waits for what the store knows of a room.
    mutating func awaitOpening(of room: RoomName, _ token: Token) {
        if openings[room] == nil { store.submit(.open(room)) }
        openings[room, default: Opening()].tokens.append(token)
    }

    /// Who waited for a room.
    mutating func takeOpening(of room: RoomName) -> Opening {
        openings.removeValue(forKey: room) ?? Opening()
    }

    /// A line was stored; a record of its room that is under way may have been made before.
    mutating func stored(_ seq: UInt64, in room: RoomName) {
        guard !openings.isEmpty else { return }
        openings[room]?.lastSeq = seq
    }

    /// Whether a record must wait, because it may count lines whose group is not answered yet:
    /// those are still to be delivered.
    mutating func isEarly(_ record: RoomRecord?, of room: RoomName) -> Bool {
        guard commits.isCommitting(linesOf: room) else { return false }
        earlyRecords.append((room, record))
        return true
    }

    /// The records that waited, now that the group is answered.
    mutating func takeEarlyRecords() -> [(room: RoomName, record: RoomRecord?)] {
        defer { earlyRecords = [] }
        return earlyRecords
    }

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
            store.submit(.read(key.room, from: key.from, through: read.through))
        }
        if nextRead == waitingReads.count {
            waitingReads = []
            nextRead = 0
        }
    }

    /// Hands the next group of lines over, if none is being committed.
    mutating func commit() {
        guard let group = commits.nextGroup(atMost: Limits.groupLines) else { return }
        store.submit(.append(group))
    }
}
