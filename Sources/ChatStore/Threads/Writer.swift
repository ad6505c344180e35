internal import Chat
internal import Dispatch
internal import GRDB
internal import Logging

/// The thread that writes: it opens the database, stores groups of lines, and deletes old ones.
///
/// It also looks up rooms for the follower. So requests to follow and groups of lines are handled
/// in the order of their arrival, and each line is either in a room's snapshot or an entry after
/// it.
struct Writer {
    enum Work: Sendable {
        case append([Submission])
        case follow(RoomName)
        case unfollow(RoomName)
        indirect case change(ChangeRequest)
        indirect case report(UInt64, RoomName, ReportQuery)
        indirect case held(HeldRequest)
        /// The reader has looked up a room for ``FollowRequests``. Nil if the room can't be read.
        indirect case lookedUp(RoomName, RoomSnapshot?)
        /// The reader has found the file corrupt that was opened as this one.
        indirect case corrupt(Fault, opening: Int)
        case retain(Retention)
        case close(DispatchSemaphore)
    }

    enum State {
        case unopened(retry: DispatchTime)
        case open(DatabaseQueue)
        case failing(DatabaseQueue, probe: DispatchTime)
        /// The file isn't ours. Only a restart helps.
        case refused
        case closed

        /// A connection that reads, even if nothing can be written.
        var connection: DatabaseQueue? {
            switch self {
            case .unopened, .refused, .closed: nil
            case .open(let connection), .failing(let connection, _): connection
            }
        }
    }

    let file: DatabaseFile
    let durability: Durability
    let machine: Machine
    private let work: WorkQueue<Work>
    let reading: WorkQueue<Reader.Work>
    let mailbox: Mailbox
    let meter: StoreMeter
    let log: Logger?

    var state = State.unopened(retry: .now())
    /// Counts the files that were opened.
    var openings = 0
    /// The file that was open before. Kept until the next one has taken over what it can.
    var predecessor: Predecessor?
    /// The files that are open.
    var identity = FileIdentity.none
    var stamp: StampFile?
    /// Nil until there are any, and until the files are open.
    var changes: ChangeTable?
    /// The time in which changes can be undone, in milliseconds.
    let undoPeriod: Int64
    /// What is left to do for changes.
    var progress = ChangeProgress()
    /// Lines that were said, and still wait in the file of changes.
    var heldSaid: [UInt64] = []
    var epoch: Epoch?
    var health: StoreHealth
    var follows: FollowRequests
    var lines: LineTable
    var upkeep: UpkeepRounds
    private var refusals = Complaints()
    /// Bytes that the file may use, see ``Retention/bytes``.
    var bytesLimit: Int

    init(
        file: DatabaseFile, durability: Durability, retention: Retention, machine: Machine,
        work: WorkQueue<Work>, reading: WorkQueue<Reader.Work>, mailbox: Mailbox,
        meter: StoreMeter, log: Logger?, undoPeriod: Int64 = 600_000
    ) {
        self.undoPeriod = undoPeriod
        self.file = file
        self.durability = durability
        self.machine = machine
        self.work = work
        self.reading = reading
        self.mailbox = mailbox
        self.meter = meter
        self.log = log
        health = StoreHealth(mailbox: mailbox, meter: meter, log: log)
        follows = FollowRequests(file: file, reading: reading, mailbox: mailbox, log: log)
        lines = LineTable(epoch: 0, commits: 0, present: machine.now())
        bytesLimit = Self.bytesLimit(retention, machine, file)
        upkeep = UpkeepRounds(
            retention: retention, bytesLimit: bytesLimit, present: nil, machine: machine)
    }

    static func bytesLimit(
        _ retention: Retention, _ machine: Machine, _ file: DatabaseFile
    ) -> Int {
        retention.bytes > 0
            ? retention.bytes : share(of: machine.freeBytes(file.directory), file)
    }

    /// Works until the queue says to close.
    mutating func run() {
        open()
        while turn() {}
    }

    /// Does the work that waits, and then a slice of the rest. Returns false if it says to close.
    mutating func turn() -> Bool {
        var waiting = work.take(until: deadline)[...]
        while let next = waiting.popFirst() {
            switch next {
            case .append(let submissions): append(submissions)
            case .follow(let room): follow(room, before: &waiting)
            case .unfollow(let room): follows.gaveUp(room)
            case .change(let request): change(request)
            case .report(let id, let room, let query): report(id, room, query)
            case .held(let request): held(request, before: &waiting)
            case .lookedUp(let room, let snapshot): follows.lookedUp(room, snapshot)
            case .corrupt(let fault, openings): failed(fault)
            // The file that it was found in is no longer in use.
            case .corrupt: break
            case .retain(let retention): retain(retention)
            case .close(let done):
                close()
                done.signal()
                return false
            }
        }
        passTime()
        return true
    }

    /// Looks up a room, and those that are to be followed right after it. Together they cost one
    /// transaction.
    private mutating func follow(_ room: RoomName, before waiting: inout ArraySlice<Work>) {
        var rooms = [room]
        while case .follow(let next)? = waiting.first {
            rooms.append(next)
            waiting.removeFirst()
        }
        metDamage(follows.received(rooms, over: state.connection, changes))
    }

    /// The time of the next work if none arrives before.
    private var deadline: DispatchTime {
        switch state {
        case .unopened(let retry): retry
        case .open: progress.isDue ? .now() : min(upkeep.next, progress.keptEnd)
        case .failing(_, let probe): probe
        case .refused, .closed: .distantFuture
        }
    }

    private mutating func passTime() {
        switch state {
        case .unopened(let retry): if retry <= .now() { open() }
        case .open:
            if upkeep.isRoundDue {
                guard file.identity == identity else { return wasReplaced() }
                let isBehind = upkeep.begin()
                lines.present = upkeep.clock.present
                if isBehind { logClock() }
                measure()
                finishErasing()
            }
            if progress.isDue { continueChanges() }
            if progress.keptEnd <= .now() {
                forgetKept()
                if progress.keptEnd > .now() { finishErasing() }
            }
            if upkeep.isDue { keepUp(rows: Upkeep.slice) }
        case .failing(let connection, let time): if time <= .now() { probe(connection) }
        case .refused, .closed: break
        }
    }

    private mutating func append(_ submissions: [Submission], isRepeated: Bool = false) {
        guard case .open(let connection) = state else {
            meter.update { $0.failedGroups += 1 }
            mailbox.add(Self.failure(of: submissions))
            return
        }
        do {
            let start = ContinuousClock.now
            let group = try store(submissions, over: connection)
            let took = Int((ContinuousClock.now - start) / .nanoseconds(1))
            stored(group, in: took, telling: group.replies)
        } catch {
            let fault = Fault(error, path: file.path)
            if fault.kind == .corrupt, !isRepeated {
                // Nothing was committed. The fresh file may take it.
                failed(fault)
                return append(submissions, isRepeated: true)
            }
            meter.update { $0.failedGroups += 1 }
            failed(fault, with: [Self.failure(of: submissions)])
        }
    }

    /// Commits lines. If somebody has edited the file, so that it refuses them, the numbers are
    /// looked up again; and if that doesn't help, a line that is refused fails alone.
    mutating func store(
        _ submissions: [Submission], over connection: DatabaseQueue
    ) throws -> StoredGroup {
        func commit(_ write: (Database) throws -> StoredGroup) throws -> StoredGroup {
            try connection.writeWithoutTransaction { db in
                try db.inImmediateTransaction { try write(db) }
            }
        }
        do {
            return try commit { try lines.append(submissions, to: $0) }
        } catch let error as DatabaseError where error.resultCode == .SQLITE_CONSTRAINT {
            lines.forget()
            let group = try commit { try lines.appendEach(submissions, to: $0) }
            refusals.report(Fault(error, path: file.path).reason) { [log] reason in
                log?.warning(
                    "The file has other numbers than the store has given",
                    metadata: [
                        "error": "\(reason)", "refused": "\(submissions.count - group.lines)",
                    ])
            }
            return group
        }
    }

    private static func failure(of submissions: [Submission]) -> OrdererReply {
        .answered(Array(repeating: .failed, count: submissions.count))
    }
}
