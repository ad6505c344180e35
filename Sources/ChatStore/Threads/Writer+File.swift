internal import Chat
internal import Dispatch
internal import GRDB
internal import Logging

/// The writer's file: how it is opened, probed, replaced by a fresh one, and closed.
extension Writer {
    /// The smallest default of the bytes that the file may use.
    private static let leastShare = 16 << 20

    /// Bytes that the file may use by default: half of what is free for it, but not less than it
    /// has, so that a disk that is full at the start costs no history.
    static func share(of free: Int?, _ file: DatabaseFile) -> Int {
        guard let free else { return .max }
        return max((free + file.bytes) / 2, file.bytes, leastShare)
    }

    /// Reports the size of the file.
    func measure() {
        let measured = try? state.connection?.read { db in
            (used: try Upkeep.usedBytes(db), oldest: try Upkeep.oldestLine(db))
        }
        let free = machine.freeBytes(file.directory)
        meter.update {
            $0.databaseBytes = file.bytes
            $0.walBytes = file.walBytes
            $0.usedBytes = measured?.used ?? 0
            $0.oldestLine = measured?.oldest
            $0.limitBytes = bytesLimit
            $0.freeBytes = free ?? 0
        }
    }

    var changeFile: ChangeFile {
        ChangeFile(directory: file.directory, log: log)
    }

    mutating func open() {
        do throws(Fault) {
            let database = try OpenDatabase.open(
                file, after: predecessor, durability: durability, machine: machine)
            try reopenChanges(over: database.connection)
            var opening = database.opening
            opening.bans = try bansInForce()
            opening.held = try heldInFile()
            opening.terms = try termsInForce()
            predecessor = nil
            identity = file.identity
            openings += 1
            epoch = database.opening.epoch
            stamp = database.stamp
            upkeep = UpkeepRounds(
                retention: upkeep.work.retention, bytesLimit: bytesLimit,
                present: database.present, machine: machine)
            lines = LineTable(
                epoch: database.epochID, commits: database.commits, present: upkeep.clock.present)
            state = .open(database.connection)
            // The order matters: the follower must know that the store is open before it gets
            // anything that was read.
            measure()
            health.opened(opening, in: file)
            reading.add(.file(.open(openings)))
            metDamage(follows.opened(database.connection, changes))
        } catch {
            let isFirst = health.fault == nil
            failed(error)
            if isFirst { reading.add(.file(error.kind == .refused ? .refused : .doubtful)) }
        }
    }

    /// Lines are kept differently from now on. The work begins anew, at once.
    mutating func retain(_ retention: Retention) {
        guard retention != upkeep.work.retention else { return }
        bytesLimit = Self.bytesLimit(retention, machine, file)
        upkeep.retain(retention, bytesLimit: bytesLimit)
        let limit = bytesLimit
        meter.update { $0.limitBytes = limit }
    }

    mutating func close() {
        finishChanges()
        follows.closed()
        defer { state = .closed }
        guard case .open(let connection) = state else { return }
        do {
            let run = Run(boot: machine.bootID(), isClean: true, durability: durability)
            let present = upkeep.clock.present
            try file.close(connection, after: run, present: present)
            try changes?.connection.close()
        } catch {
            let fault = Fault(error, path: file.path)
            log?.error("History is not closed cleanly", metadata: ["error": "\(fault.reason)"])
        }
    }

    /// Appends fail from now on, and so does the one that `answers` are for, unless a fresh file
    /// can be begun.
    mutating func failed(_ fault: Fault, with answers: [OrdererReply] = []) {
        switch (fault.kind, state.connection) {
        case (.corrupt, let connection?): return wasDamaged(connection, fault)
        case (.refused, _): state = .refused
        case (_, let connection?):
            state = .failing(connection, probe: .now() + machine.probeInterval)
        case (_, nil): state = .unopened(retry: .now() + machine.openingInterval)
        }
        health.failed(fault, with: answers + progress.drop())
    }

    mutating func metDamage(_ fault: Fault?) {
        if let fault { failed(fault) }
    }

    mutating func probe(_ connection: DatabaseQueue) {
        do {
            try file.probe(connection)
            state = .open(connection)
            health.recovered()
        } catch {
            failed(Fault(error, path: file.path))
        }
    }

    /// A page of the file is damaged. The file is kept under another name, and a fresh one takes
    /// over what can be read of it.
    private mutating func wasDamaged(_ connection: DatabaseQueue, _ fault: Fault) {
        leave(connection, keepsLines: true)
        do throws(Fault) {
            try file.setAside(because: fault, at: machine.date())
        } catch {
            // The next opening looks at all of it, and tries again.
            file.suspect()
            predecessor = nil
            return failed(error)
        }
        open()
    }

    /// Somebody has deleted or replaced the file, or its WAL. What is written to the open one would
    /// be lost.
    mutating func wasReplaced() {
        guard let connection = state.connection else { return }
        log?.error(
            "The file was deleted or replaced while it was open: it is opened anew",
            metadata: ["file": "\(file.path)"])
        let isMoved = file.identity.database != identity.database
        leave(connection, keepsLines: false)
        if !isMoved {
            // Only the WAL is gone. SQLite moves its lines into the database now.
            try? connection.close()
            predecessor = nil
        }
        open()
    }

    /// The open file is given up. No thread uses it afterwards.
    private mutating func leave(_ connection: DatabaseQueue, keepsLines: Bool) {
        let released = DispatchSemaphore(value: 0)
        reading.add(.release(released))
        released.wait()
        let last = lines.known.map { Predecessor.Room(name: $0.key, numbers: $0.value) }
        predecessor = Predecessor(connection: connection, rooms: last, keepsLines: keepsLines)
        stamp = nil
        state = .unopened(retry: .now())
    }
}
