internal import Chat
internal import Foundation
internal import GRDB
internal import Logging

/// A database that is ready to be written.
struct OpenDatabase {
    /// The number of earlier epochs that are remembered. Each ended with a death of the machine.
    static let earlierEpochs: Int64 = 32

    let connection: DatabaseQueue
    /// The epoch of all lines from now on: its row. Its name is in `opening`.
    let epochID: Int64
    let opening: OrdererOpening
    /// Groups that were committed since the file was made.
    let commits: Int64
    let stamp: StampFile

    /// The time that the last run's ``RetentionClock`` came to. Nil if it isn't known.
    let present: Timestamp?

    /// Opens a database, or creates it. A corrupt one is set aside and replaced. The open one takes
    /// over what it can of its predecessor.
    static func open(
        _ file: DatabaseFile, after predecessor: Predecessor? = nil, durability: Durability,
        machine: Machine
    ) throws(Fault) -> OpenDatabase {
        var predecessor = predecessor
        let database: OpenDatabase
        do throws(Fault) {
            database = try OpenDatabase(file, durability: durability, machine: machine)
        } catch {
            guard error.kind == .corrupt else { throw error }
            let kept = try file.setAside(because: error, at: machine.date())
            if predecessor == nil { predecessor = Predecessor(keptAs: kept) }
            database = try OpenDatabase(file, durability: durability, machine: machine)
        }
        do {
            if let predecessor {
                file.tellsCheck()
                try predecessor.handOver(to: database.connection, log: file.log)
            }
        } catch {
            throw Fault(error, path: file.path)
        }
        return database
    }

    /// Opens a database, or creates it. Throws if it is corrupt.
    init(_ file: DatabaseFile, durability: Durability, machine: Machine) throws(Fault) {
        do {
            connection = try file.open()
            let boot = machine.bootID()
            try connection.writeWithoutTransaction { db in
                let last = try Schema.isReadable(db) ? Run.last(db) : nil
                // The death of a process leaves the file intact. The death of the machine may leave
                // a torn page. That is rare enough to justify a check of all pages.
                if file.isSuspect || last?.mayBeTorn(boot: boot) ?? false {
                    try file.check(db)
                    file.trust()
                }
            }
            try Schema.migrator.migrate(connection)
            let run = Run(boot: boot, isClean: false, durability: durability)
            let now = machine.now()
            let stamp = try StampFile(path: file.stamp)
            let connection = self.connection
            let (epoch, commits, present) = try connection.writeWithoutTransaction { db in
                try db.inImmediateTransaction {
                    try Self.begin(run, after: stamp.last, in: db, log: file.log)
                }
            }
            try stamp.begin(Stamp(epoch: epoch.name, commits: commits))
            (epochID, self.commits, self.stamp) = (epoch.id, commits, stamp)
            self.present = present
            opening = try connection.writeWithoutTransaction { db in
                // Everything known so far is on the disk.
                let mode = durability == .power ? "FULL" : "NORMAL"
                try db.execute(sql: "PRAGMA synchronous = \(mode)")
                return OrdererOpening(epoch: epoch.name, sends: try Self.sends(at: now, in: db))
            }
        } catch {
            throw Fault(error, path: file.path)
        }
    }

    /// Decides on the epoch, and records that a run has begun.
    private static func begin(
        _ run: Run, after stamp: Stamp?, in db: Database, log: Logger?
    ) throws -> (epoch: (id: Int64, name: Epoch), commits: Int64, present: Timestamp?) {
        let isOdd = try Repair.rooms(in: db)
        let last = try Run.last(db)
        let progress = try Row.fetchOne(db, sql: "SELECT commits, present FROM run")
        let commits = progress.flatMap { StoredNumber.value($0, 0, in: 0...Int64.max - 1) }
        let clock = progress.flatMap { StoredNumber.value($0, 1, in: 0...Int64.max) }
        let present = try present(db)
        var reason: String?
        if last?.mayLackLines(boot: run.boot) ?? false {
            reason = "the machine died, and the last lines may be lost"
        } else if isOdd {
            reason = "somebody has edited the numbers in the file"
        } else if let present, !holds(stamp, present.name, commits) {
            reason = "the file is a copy of an earlier time, and lines are missing"
        }
        let epoch: (id: Int64, name: Epoch)
        if let present, last != nil, reason == nil {
            epoch = present
        } else {
            epoch = try next(db)
            if epoch.id > 1 {
                log?.warning(
                    "A new epoch begins",
                    metadata: [
                        "epoch": "\(epoch.name.text)",
                        "reason": "\(reason ?? "the file doesn't say how the last run ended")",
                    ])
            }
        }
        try run.save(db)
        try db.execute(sql: "UPDATE run SET commits = ?", arguments: [commits ?? 0])
        return (epoch, commits ?? 0, clock.map { Timestamp(milliseconds: $0) })
    }

    /// Whether a database that somebody may be using holds all that the stamp says. Nil if it
    /// doesn't say what it holds.
    static func holds(_ stamp: Stamp?, _ db: Database) throws -> Bool? {
        guard try Schema.migrator.completedMigrations(db).contains("2"),
            let present = try present(db),
            let row = try Row.fetchOne(db, sql: "SELECT commits FROM run")
        else { return nil }
        return holds(stamp, present.name, StoredNumber.value(row, 0, in: 0...Int64.max - 1))
    }

    /// Whether the database holds all that the stamp says.
    private static func holds(_ stamp: Stamp?, _ epoch: Epoch, _ commits: Int64?) -> Bool {
        // Version 1 knew no stamp.
        guard let stamp else { return commits == nil }
        return stamp.epoch == epoch && stamp.commits <= commits ?? -1
    }

    private static func present(_ db: Database) throws -> (id: Int64, name: Epoch)? {
        guard
            let row = try Row.fetchOne(
                db, sql: "SELECT id, name FROM epoch ORDER BY id DESC LIMIT 1"),
            let id = StoredNumber.value(row, 0, in: StoredNumber.epochs),
            let name = Epoch(StoredText.text(row, 1))
        else { return nil }
        return (id, name)
    }

    /// Begins an epoch. Its numbers continue those of the previous one.
    static func next(_ db: Database) throws -> (id: Int64, name: Epoch) {
        let name = Epoch(number: .random(in: .min ... .max))
        try db.execute(sql: "INSERT INTO epoch (name) VALUES (?)", arguments: [name.text])
        let id = db.lastInsertedRowID
        let oldest = id - earlierEpochs
        try db.execute(sql: "DELETE FROM epoch WHERE id < ?", arguments: [oldest])
        // The rows that mark the ends of epochs before the oldest one.
        try db.execute(sql: "DELETE FROM epoch_start WHERE epoch <= ?", arguments: [oldest])
        return (id, name)
    }

    /// The keys of the last minutes. Times that are as far ahead are those of another clock.
    private static func sends(at now: Timestamp, in db: Database) throws -> [StoredSend] {
        let rows = try Row.fetchCursor(
            db,
            sql: """
                SELECT room.name, send.username, send.key, send.seq, send.time, send.digest,
                    send.user
                FROM send CROSS JOIN room ON room.id = send.room
                WHERE send.time BETWEEN ? AND ? ORDER BY send.time
                """,
            arguments: [
                now.milliseconds - RecentSends.period, now.milliseconds + RecentSends.period,
            ])
        var sends: [StoredSend] = []
        while let row = try rows.next() {
            guard let room = RoomName(StoredText.text(row, 0)),
                let seq = StoredNumber.value(row, 3, in: StoredNumber.seqs),
                let digest = StoredNumber.value(row, 5, in: .min ... .max)
            else { continue }
            sends.append(
                StoredSend(
                    room: room, username: StoredText.text(row, 1),
                    user: StoredAuthor.user(row, 6), key: StoredText.text(row, 2),
                    seq: UInt64(seq), time: StoredNumber.time(row, 4),
                    digest: UInt64(bitPattern: digest)))
        }
        return sends
    }
}
