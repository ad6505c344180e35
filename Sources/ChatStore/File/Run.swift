internal import Chat
internal import GRDB

/// The store's record of its last run.
struct Run: Equatable {
    /// The ``Machine/bootID`` of the run.
    let boot: String?
    /// Whether it was closed with nothing missing.
    let isClean: Bool
    let durability: Durability

    /// Whether lines that clients have seen may be missing: the machine died before these lines
    /// reached the disk.
    func mayLackLines(boot: String?) -> Bool {
        guard !isClean, durability == .process else { return false }
        guard let boot, let last = self.boot else { return true }
        return boot != last
    }

    /// Whether the machine died during the run, and may have left a torn page.
    func mayBeTorn(boot: String?) -> Bool {
        guard !isClean else { return false }
        guard let boot, let last = self.boot else { return true }
        return boot != last
    }

    static func last(_ db: Database) throws -> Run? {
        try Row.fetchOne(db, sql: "SELECT boot, clean, durability FROM run").map { row in
            // An odd row promises nothing.
            let (boot, durability): (DatabaseValue, DatabaseValue) = (row[0], row[2])
            return Run(
                boot: String.fromDatabaseValue(boot),
                isClean: StoredNumber.value(row, 1, in: 0...1) == 1,
                durability: String.fromDatabaseValue(durability).flatMap(Durability.init)
                    ?? .process)
        }
    }

    /// Stores the ``RetentionClock``.
    static func save(present: Timestamp, in db: Database) throws {
        try db.execute(sql: "UPDATE run SET present = ?", arguments: [present.milliseconds])
    }

    func save(_ db: Database) throws {
        try db.execute(
            sql: """
                INSERT INTO run (id, boot, clean, durability) VALUES (1, ?, ?, ?)
                ON CONFLICT (id) DO UPDATE SET
                    boot = excluded.boot, clean = excluded.clean, durability = excluded.durability
                """,
            arguments: [boot, isClean, durability.rawValue])
    }
}
