internal import GRDB

/// Why the store can't do something, for the operator: what, where, and the remedy.
struct Fault: Error, Equatable {
    enum Kind: Equatable {
        /// It may pass, and is worth another try.
        case passing
        /// The file holds what SQLite can't have written.
        case corrupt
        /// The file is not to be touched by this program.
        case refused
    }

    let kind: Kind
    let reason: String

    init(_ kind: Kind, _ reason: String) {
        self.kind = kind
        self.reason = reason
    }

    /// What an operation on the database at `path` threw.
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
            self.init(.passing, "no space left on the device under \(path): free some")
        case .SQLITE_CORRUPT, .SQLITE_NOTADB:
            self.init(
                .corrupt,
                "\(path) is corrupt (\(text)): restart, and it is kept under another name and a "
                    + "fresh one begun")
        case .SQLITE_CANTOPEN:
            self.init(
                .passing,
                "\(path) can't be opened (\(text)): its directory must be there, and this user's")
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
                "the device under \(path) fails (\(text), code \(code)): look for free space, and "
                    + "into the kernel's log")
        default:
            self.init(.passing, "\(path): \(text), code \(code) of SQLite")
        }
    }
}
