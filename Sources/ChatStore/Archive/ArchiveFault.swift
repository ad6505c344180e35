internal import GRDB

/// The reason why a database can't be copied, put back, read or filled by a command: one sentence
/// that names the file and the remedy.
package struct ArchiveFault: Error, Equatable, CustomStringConvertible {
    package enum Kind: Equatable, Sendable {
        /// There is no such file.
        case missing
        /// The file isn't what it should be.
        case unusable
        /// A file can't be created.
        case uncreatable
        /// Something else uses it.
        case busy
        /// The user may not do this.
        case denied
        /// It can't be read or written.
        case failing
    }

    package let kind: Kind
    package let description: String

    package init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }

    /// Makes a fault of an error that an operation on the file at `path` threw.
    init(_ error: any Error, path: String) {
        switch error {
        case let fault as ArchiveFault: self = fault
        case let fault as Fault:
            self.init(fault.kind == .passing ? .failing : .unusable, fault.reason)
        case let error as DatabaseError: self.init(error, path: path)
        case let failure as FileCalls.Failure: self.init(failure, path: path)
        default: self.init(.failing, "\(path): \(error)")
        }
    }

    init(_ failure: FileCalls.Failure, path: String) {
        let kind: Kind =
            switch failure.reason {
            case .missing: .missing
            case .denied: .denied
            case .other: .failing
            }
        self.init(kind, "\(path): \(failure)")
    }

    private init(_ error: DatabaseError, path: String) {
        let text = Fault(error, path: path).reason
        switch error.resultCode {
        case .SQLITE_CORRUPT: self.init(.unusable, text)
        case .SQLITE_NOTADB: self.init(.unusable, "\(path) is not a database")
        case .SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH:
            self.init(.denied, "\(text), or run this as its owner")
        case .SQLITE_BUSY, .SQLITE_LOCKED: self.init(.busy, text)
        default: self.init(.failing, text)
        }
    }
}
