internal import GRDB

/// What the store remembers of its last run.
struct Run: Equatable {
    /// ``Machine/bootID`` of that time.
    let boot: String?
    /// Whether it was closed, and nothing was missing.
    let isClean: Bool
    let durability: Durability

    /// Whether lines may be missing that somebody has seen. They are if the machine died with lines
    /// that had not yet reached the disk.
    func mayLackLines(boot: String?) -> Bool {
        guard !isClean, durability == .process else { return false }
        guard let boot, let last = self.boot else { return true }
        return boot != last
    }

    /// Whether the machine died under it, and may have left half a page.
    func mayBeTorn(boot: String?) -> Bool {
        guard !isClean else { return false }
        guard let boot, let last = self.boot else { return true }
        return boot != last
    }

    static func last(_ db: Database) throws -> Run? {
        try Row.fetchOne(db, sql: "SELECT boot, clean, durability FROM run").map { row in
            let durability: String? = row[2]
            return Run(
                boot: row[0], isClean: row[1] ?? false,
                // What a damaged row says is no promise.
                durability: durability.flatMap(Durability.init) ?? .process)
        }
    }

    func save(_ db: Database) throws {
        try db.execute(
            sql: "REPLACE INTO run (id, boot, clean, durability) VALUES (1, ?, ?, ?)",
            arguments: [boot, isClean, durability.rawValue])
    }
}
