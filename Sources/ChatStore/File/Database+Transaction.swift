internal import GRDB

extension Database {
    /// What `operations` returns is true when this returns, and nothing has happened if it throws.
    func inImmediateTransaction<Result>(_ operations: () throws -> Result) throws -> Result {
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
