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

    /// Opens a database, or creates it. A corrupt one is set aside and replaced.
    static func open(
        _ file: DatabaseFile, durability: Durability, machine: Machine
    ) throws(Fault) -> OpenDatabase {
        do throws(Fault) {
            return try OpenDatabase(file, durability: durability, machine: machine)
        } catch {
            guard error.kind == .corrupt else { throw error }
            try file.setAside(because: error, at: Date())
            return try OpenDatabase(file, durability: durability, machine: machine)
        }
    }

    private init(
        _ file: DatabaseFile, durability: Durability, machine: Machine
    ) throws(Fault) {
        do {
            connection = try file.open()
            let boot = machine.bootID()
            try connection.writeWithoutTransaction { db in
                let isKnown = try Schema.migrator.hasCompletedMigrations(db)
                let last = isKnown ? try Run.last(db) : nil
                // The death of a process leaves the file intact. The death of the machine may leave
                // a torn page. That is rare enough to justify a check of all pages.
                if file.isSuspect || last?.mayBeTorn(boot: boot) ?? false {
                    try file.check(db)
                    file.trust()
                }
            }
            try Schema.migrator.migrate(connection)
            let run = Run(boot: boot, isClean: false, durability: durability)
            let oldest = machine.now().milliseconds - RecentSends.period
            (epochID, opening) = try connection.writeWithoutTransaction { db in
                let epoch = try Self.begin(run, in: db, log: file.log)
                let sends = try Self.sends(since: oldest, in: db)
                // Everything known so far is on the disk.
                let mode = durability == .power ? "FULL" : "NORMAL"
                try db.execute(sql: "PRAGMA synchronous = \(mode)")
                return (epoch.id, OrdererOpening(epoch: epoch.name, sends: sends))
            }
        } catch {
            throw Fault(error, path: file.path)
        }
    }

    /// Decides on the epoch, and records that a run has begun.
    private static func begin(
        _ run: Run, in db: Database, log: Logger?
    ) throws -> (id: Int64, name: Epoch) {
        var epoch: (id: Int64, name: Epoch)?
        try db.inTransaction(.immediate) {
            if let last = try Run.last(db), !last.mayLackLines(boot: run.boot) {
                epoch = try present(db)
            }
            if epoch == nil { epoch = try next(db, log: log) }
            try run.save(db)
            return .commit
        }
        guard let epoch else { throw DatabaseError(resultCode: .SQLITE_CORRUPT) }
        return epoch
    }

    private static func present(_ db: Database) throws -> (id: Int64, name: Epoch)? {
        guard
            let row = try Row.fetchOne(
                db, sql: "SELECT id, name FROM epoch ORDER BY id DESC LIMIT 1"),
            let id: Int64 = row[0], let name = Epoch(StoredText.text(row, 1))
        else { return nil }
        return (id, name)
    }

    /// Begins an epoch. Its numbers continue those of the previous one.
    private static func next(_ db: Database, log: Logger?) throws -> (id: Int64, name: Epoch) {
        let name = Epoch(number: .random(in: .min ... .max))
        try db.execute(sql: "INSERT INTO epoch (name) VALUES (?)", arguments: [name.text])
        let id = db.lastInsertedRowID
        let oldest = id - earlierEpochs
        try db.execute(sql: "DELETE FROM epoch WHERE id < ?", arguments: [oldest])
        // The rows that mark the ends of epochs before the oldest one.
        try db.execute(sql: "DELETE FROM epoch_start WHERE epoch <= ?", arguments: [oldest])
        if id > 1 {
            log?.warning(
                "The machine died, and the last lines may be lost: a new epoch begins",
                metadata: ["epoch": "\(name.text)"])
        }
        return (id, name)
    }

    private static func sends(since oldest: Int64, in db: Database) throws -> [StoredSend] {
        let rows = try Row.fetchCursor(
            db,
            sql: """
                SELECT room.name, send.username, send.key, send.seq, send.time, send.digest
                FROM send CROSS JOIN room ON room.id = send.room
                WHERE send.time >= ? ORDER BY send.time
                """,
            arguments: [oldest])
        var sends: [StoredSend] = []
        while let row = try rows.next() {
            guard let room = RoomName(StoredText.text(row, 0)) else { continue }
            sends.append(
                StoredSend(
                    room: room, username: StoredText.text(row, 1), key: StoredText.text(row, 2),
                    seq: UInt64(clamping: row[3] as Int64? ?? 0),
                    time: Timestamp(milliseconds: row[4] ?? 0),
                    digest: UInt64(bitPattern: row[5] ?? 0)))
        }
        return sends
    }
}
