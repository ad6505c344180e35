internal import GRDB

/// The reason why the store can't do something, for the operator: the problem, the file, and the
/// remedy.
struct Fault: Error, Equatable {
    enum Kind: Equatable {
        /// It may pass, so it is worth another try.
        case passing
        /// SQLite can't have written the file's content.
        case corrupt
        /// This program must not touch the file.
        case refused
    }

    let kind: Kind
    let reason: String

    init(_ kind: Kind, _ reason: String) {
        self.kind = kind
        self.reason = reason
    }

    /// Makes a fault of the error that an operation on the database at `path` threw.
    init(_ error: any Error, path: String) {
        if let fault = error as? Fault {
            self = fault
        } else if let error = error as? DatabaseError {
            self.init(error, path: path)
        } else {
            self.init(.passing, "\(path): \(error)")
        }
    }

    private init(_ error: DatabaseError, path: String) {
        let text = error.message ?? "\(error.extendedResultCode)"
        let code = error.extendedResultCode.rawValue
        switch error.resultCode {
        case .SQLITE_FULL:
            self.init(.passing, "no space left on the device of \(path): free some space")
        case .SQLITE_CORRUPT, .SQLITE_NOTADB:
            self.init(
                .corrupt, "\(path) is corrupt (\(text))")
        case .SQLITE_CANTOPEN:
            self.init(
                .passing,
                "\(path) can't be opened (\(text)): its directory must exist and be accessible")
        case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH:
            self.init(
                .passing,
                "\(path) can't be written (\(text)): let this user write the file and its directory"
            )
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            self.init(.passing, "another program keeps \(path) locked: end it")
        case .SQLITE_IOERR:
            self.init(
                .passing,
                "the device of \(path) fails (\(text), code \(code)): check the free space and "
                    + "the kernel's log")
        default:
            self.init(.passing, "\(path): \(text), SQLite code \(code)")
        }
    }
}
