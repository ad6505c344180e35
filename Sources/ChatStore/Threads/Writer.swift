internal import Chat
internal import Dispatch
internal import GRDB
internal import Logging

/// The thread that writes: opens the database, stores groups of lines, and gives up old ones.
struct Writer {
    enum Work: Sendable {
        case append([Draft])
        /// The reader has found the file corrupt.
        case corrupt(Fault)
        case close(DispatchSemaphore)
    }

    private enum State {
        case unopened(retry: DispatchTime)
        case open
        case failing(probe: DispatchTime)
        /// Nothing helps but a restart.
        case broken
    }

    /// Bytes that must find a place before a store that failed counts as recovered: more than most
    /// groups need.
    private static let probeBytes = 262_144

    private let file: DatabaseFile
    private let durability: Durability
    private let retention: Retention
    private let machine: Machine
    private let work: WorkQueue<Work>
    private let reading: WorkQueue<Reader.Work>
    private let replies: ReplyQueue
    private let meter: StoreMeter
    private let log: Logger?

    private var state = State.unopened(retry: .now())
    /// Nil until the database is open.
    private var connection: DatabaseQueue?
    private var lines = LineTable(epoch: 0)
    private var upkeep: Upkeep
    private var nextUpkeep = DispatchTime.now()
    /// What was said to fail.
    private var fault: Fault?

    init(
        file: DatabaseFile, durability: Durability, retention: Retention, machine: Machine,
        work: WorkQueue<Work>, reading: WorkQueue<Reader.Work>, replies: ReplyQueue,
        meter: StoreMeter, log: Logger?
    ) {
        self.file = file
        self.durability = durability
        self.retention = retention
        self.machine = machine
        self.work = work
        self.reading = reading
        self.replies = replies
        self.meter = meter
        self.log = log
        upkeep = Upkeep(retention: retention)
    }

    /// Works until it is closed.
    mutating func run() {
        open()
        while true {
            for work in work.take(until: deadline) {
                switch work {
                case .append(let drafts): append(drafts)
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

    /// When there is something to do if no work comes.
    private var deadline: DispatchTime {
        switch state {
        case .unopened(let retry): retry
        case .open: upkeep.isDue ? .now() : nextUpkeep
        case .failing(let probe): probe
        case .broken: .distantFuture
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
        case .failing(let time): if time <= .now() { probe() }
        case .broken: break
        }
    }

    // MARK: Opening and closing

    private mutating func open() {
        do throws(Fault) {
            let database = try OpenDatabase.open(file, durability: durability, machine: machine)
            connection = database.connection
            lines = LineTable(epoch: database.epochID)
            state = .open
            fault = nil
            meter.update {
                $0.isFailing = false
                $0.databaseBytes = file.bytes
            }
            // In this order: nothing that is read may be told before the store is known to be open.
            replies.add(.ready(database.opening))
            reading.add(.file(.open))
            log?.info(
                "History is open",
                metadata: ["file": "\(file.path)", "epoch": "\(database.opening.epoch.text)"])
        } catch {
            let isFirst = fault == nil
            failed(error)
            if isFirst { reading.add(.file(error.kind == .refused ? .refused : .doubtful)) }
        }
    }

    /// Leaves a database of which nothing is missing, and no WAL, if it can.
    private mutating func close() {
        defer { connection = nil }
        guard let connection, case .open = state else { return }
        let run = Run(boot: machine.bootID(), isClean: true, durability: durability)
        do {
            try connection.writeWithoutTransaction { db in
                try db.execute(sql: "PRAGMA synchronous = FULL")
                try run.save(db)
                try db.checkpoint(.truncate)
            }
            try connection.close()
        } catch {
            let fault = Fault(error, path: file.path)
            log?.error("History is not closed cleanly", metadata: ["error": "\(fault.reason)"])
        }
    }

    // MARK: Storing

    private mutating func append(_ drafts: [Draft]) {
        guard let connection, case .open = state else {
            meter.update { $0.failedGroups += 1 }
            replies.add(.appendFailed)
            return
        }
        do {
            let start = ContinuousClock.now
            let group = try connection.writeWithoutTransaction { db in
                try db.inImmediateTransaction { try lines.append(drafts, to: db) }
            }
            let took = Int((ContinuousClock.now - start) / .nanoseconds(1))
            lines.committed(group)
            meter.update {
                $0.groups += 1
                $0.linesStored += drafts.count
                $0.lastCommitNanoseconds = took
                $0.commitNanoseconds += took
            }
            replies.add(.appended(group.numbers))
            for room in group.rooms.values { upkeep.grew(room) }
            // At least as much goes as comes.
            if upkeep.isDue { keepUp(rows: Upkeep.slice + drafts.count) }
        } catch {
            meter.update { $0.failedGroups += 1 }
            failed(Fault(error, path: file.path), with: .appendFailed)
        }
    }

    /// A slice of upkeep.
    private mutating func keepUp(rows: Int) {
        guard let connection, case .open = state else { return }
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
                replies.add(.pruned(pruned.room, oldest: UInt64(pruned.oldest)))
            }
        } catch {
            failed(Fault(error, path: file.path))
        }
    }

    // MARK: Failing

    /// From now on appends fail, and with them the one that this is the reply to.
    private mutating func failed(_ fault: Fault, with reply: HistoryReply? = nil) {
        if fault.kind == .corrupt {
            if connection != nil { file.suspect() }
            state = .broken
        } else if connection == nil {
            state = .unopened(retry: .now() + machine.openingInterval)
        } else {
            state = .failing(probe: .now() + machine.probeInterval)
        }
        if self.fault == nil {
            meter.update { $0.isFailing = true }
            replies.add([.failing(reason: fault.reason)] + (reply.map { [$0] } ?? []))
        } else {
            // The first reason is told by whoever gets it.
            if fault != self.fault {
                log?.error("History still fails", metadata: ["reason": "\(fault.reason)"])
            }
            if let reply { replies.add(reply) }
        }
        self.fault = fault
    }

    /// Writes in earnest, and gives the space back.
    private mutating func probe() {
        guard let connection else { return }
        do {
            try connection.writeWithoutTransaction { db in
                // On a full disk, what has moved from the WAL into free pages of the database
                // makes room in the WAL.
                try db.checkpoint(.passive)
                try db.execute(
                    sql: "REPLACE INTO probe (id, filler) VALUES (1, zeroblob(?))",
                    arguments: [Self.probeBytes])
                try db.execute(sql: "DELETE FROM probe")
            }
            state = .open
            fault = nil
            meter.update { $0.isFailing = false }
            replies.add(.recovered)
        } catch {
            failed(Fault(error, path: file.path))
        }
    }
}

extension Database {
    /// What `operations` returns is true when this returns, and nothing has happened if it throws.
    fileprivate func inImmediateTransaction<Result>(
        _ operations: () throws -> Result
    ) throws -> Result {
        try beginTransaction(.immediate)
        do {
            let result = try operations()
            try commit()
            return result
        } catch {
            // SQLite has done so itself after the worst errors.
            if isInsideTransaction { try? rollback() }
            throw error
        }
    }
}
