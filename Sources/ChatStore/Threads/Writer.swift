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
        /// The reader has looked up a room for ``FollowRequests``. Nil if the room can't be read.
        case lookedUp(RoomName, RoomSnapshot?)
        /// The reader has found the file corrupt.
        case corrupt(Fault)
        case close(DispatchSemaphore)
    }

    private enum State {
        case unopened(retry: DispatchTime)
        case open(DatabaseQueue)
        case failing(DatabaseQueue, probe: DispatchTime)
        /// Only a restart helps. There is no connection if it was never open.
        case broken(DatabaseQueue?)
        case closed

        /// A connection that reads, even if nothing can be written.
        var connection: DatabaseQueue? {
            switch self {
            case .unopened, .closed: nil
            case .open(let connection), .failing(let connection, _): connection
            case .broken(let connection): connection
            }
        }
    }

    private let file: DatabaseFile
    private let durability: Durability
    private let machine: Machine
    private let work: WorkQueue<Work>
    private let reading: WorkQueue<Reader.Work>
    private let mailbox: Mailbox
    private let meter: StoreMeter
    private let log: Logger?

    private var state = State.unopened(retry: .now())
    private var health: StoreHealth
    private var follows: FollowRequests
    private var lines = LineTable(epoch: 0)
    private var upkeep: Upkeep
    private var nextUpkeep = DispatchTime.now()

    init(
        file: DatabaseFile, durability: Durability, retention: Retention, machine: Machine,
        work: WorkQueue<Work>, reading: WorkQueue<Reader.Work>, mailbox: Mailbox,
        meter: StoreMeter, log: Logger?
    ) {
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
        upkeep = Upkeep(retention: retention)
    }

    /// Works until the queue says to close.
    mutating func run() {
        open()
        while true {
            for work in work.take(until: deadline) {
                switch work {
                case .append(let submissions): append(submissions)
                case .follow(let room):
                    metDamage(follows.received(room, over: state.connection))
                case .lookedUp(let room, let snapshot): follows.lookedUp(room, snapshot)
                case .corrupt(let fault): failed(fault)
                case .close(let done):
                    close()
                    done.signal()
                    return
                }
            }
            passTime()
        }
    }

    /// The time of the next work if none arrives before.
    private var deadline: DispatchTime {
        switch state {
        case .unopened(let retry): retry
        case .open: upkeep.isDue ? .now() : nextUpkeep
        case .failing(_, let probe): probe
        case .broken, .closed: .distantFuture
        }
    }

    private mutating func passTime() {
        switch state {
        case .unopened(let retry): if retry <= .now() { open() }
        case .open:
            if nextUpkeep <= .now() {
                upkeep.begin()
                nextUpkeep = .now() + machine.upkeepInterval
                meter.update { $0.databaseBytes = file.bytes }
            }
            if upkeep.isDue { keepUp(rows: Upkeep.slice) }
        case .failing(let connection, let time): if time <= .now() { probe(connection) }
        case .broken, .closed: break
        }
    }

    private mutating func open() {
        do throws(Fault) {
            let database = try OpenDatabase.open(file, durability: durability, machine: machine)
            lines = LineTable(epoch: database.epochID)
            state = .open(database.connection)
            // The order matters: the follower must know that the store is open before it gets
            // anything that was read.
            health.opened(database.opening, in: file)
            reading.add(.file(.open))
            metDamage(follows.opened(database.connection))
        } catch {
            let isFirst = health.fault == nil
            failed(error)
            if isFirst { reading.add(.file(error.kind == .refused ? .refused : .doubtful)) }
        }
    }

    private mutating func close() {
        follows.closed()
        defer { state = .closed }
        guard case .open(let connection) = state else { return }
        do {
            let run = Run(boot: machine.bootID(), isClean: true, durability: durability)
            try file.close(connection, after: run)
        } catch {
            let fault = Fault(error, path: file.path)
            log?.error("History is not closed cleanly", metadata: ["error": "\(fault.reason)"])
        }
    }

    private mutating func append(_ submissions: [Submission]) {
        guard case .open(let connection) = state else {
            meter.update { $0.failedGroups += 1 }
            mailbox.add(Self.failure(of: submissions))
            return
        }
        do {
            let start = ContinuousClock.now
            let group = try connection.writeWithoutTransaction { db in
                try db.inImmediateTransaction { try lines.append(submissions, to: db) }
            }
            let took = Int((ContinuousClock.now - start) / .nanoseconds(1))
            lines.committed(group)
            meter.update {
                $0.groups += 1
                $0.linesStored += submissions.count
                $0.lastCommitNanoseconds = took
                $0.commitNanoseconds += took
            }
            mailbox.add(group.replies)
            for room in group.rooms { upkeep.grew(room.numbers) }
            // Delete at least as much as was added.
            if upkeep.isDue { keepUp(rows: Upkeep.slice + submissions.count) }
        } catch {
            meter.update { $0.failedGroups += 1 }
            failed(Fault(error, path: file.path), with: [Self.failure(of: submissions)])
        }
    }

    private static func failure(of submissions: [Submission]) -> OrdererReply {
        .answered(Array(repeating: .failed, count: submissions.count))
    }

    /// Does one slice of upkeep.
    private mutating func keepUp(rows: Int) {
        guard case .open(let connection) = state else { return }
        do {
            let now = machine.now()
            var next = upkeep
            let pruned = try connection.writeWithoutTransaction { db in
                try db.inImmediateTransaction { try next.step(db, rows: rows, now: now) }
            }
            upkeep = next
            for pruned in pruned {
                lines.pruned(pruned.room, oldest: pruned.oldest)
                meter.update { $0.linesPruned += pruned.lines }
                mailbox.add(.pruned(pruned.room, oldest: UInt64(pruned.oldest)))
            }
        } catch {
            failed(Fault(error, path: file.path))
        }
    }

    /// Appends fail from now on, and so does the one that `answers` are for.
    private mutating func failed(_ fault: Fault, with answers: [OrdererReply] = []) {
        if fault.kind == .corrupt {
            if state.connection != nil { file.suspect() }
            state = .broken(state.connection)
        } else if let connection = state.connection {
            state = .failing(connection, probe: .now() + machine.probeInterval)
        } else {
            state = .unopened(retry: .now() + machine.openingInterval)
        }
        health.failed(fault, with: answers)
    }

    private mutating func metDamage(_ fault: Fault?) {
        if let fault { failed(fault) }
    }

    private mutating func probe(_ connection: DatabaseQueue) {
        do {
            try file.probe(connection)
            state = .open(connection)
            health.recovered()
        } catch {
            failed(Fault(error, path: file.path))
        }
    }
}
