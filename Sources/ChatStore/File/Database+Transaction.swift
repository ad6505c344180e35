internal import GRDB

extension Database {
    /// Runs `operations` in a transaction and commits it. If this throws, nothing has changed.
    func inImmediateTransaction<Result>(_ operations: () throws -> Result) throws -> Result {
        try beginTransaction(.immediate)
        do {
            let result = try operations()
            try commit()
            return result
        } catch {
            // After the worst errors, SQLite has already rolled back.
            if isInsideTransaction { try? rollback() }
            throw error
        }
    }
}
