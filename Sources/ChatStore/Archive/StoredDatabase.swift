internal import Foundation
internal import GRDB

/// Opens databases for commands, which read them while a daemon may be writing.
package enum StoredDatabase {
    /// The files that the store has in a directory, of which some may not be there.
    package static let fileNames =
        ["", "-wal", "-shm", "-stamp"].map { SQLiteStore.fileName + $0 }
        + ["", "-wal", "-shm"].map { ChangeFile.fileName + $0 } + [DataLock.fileName]

    /// Opens the database of a directory for reading.
    static func open(_ directory: String) throws(ArchiveFault) -> DatabaseQueue {
        let path = "\(directory)/\(SQLiteStore.fileName)"
        guard FileCalls.node(at: path) != nil else {
            throw absent(path, in: directory)
        }
        return try open(file: path) { file in
            // Without the right to write the directory, only a file that no daemon uses is read.
            try (try? file.openForReading()) ?? file.openUnchanging()
        }
    }

    /// Gives the daemon's files in a directory to the directory's owner, if root has made them.
    static func giveFiles(of directory: String) throws(FileCalls.Failure) {
        for name in fileNames {
            try FileCalls.give("\(directory)/\(name)", toOwnerOf: directory)
        }
    }

    /// Opens a file that was put away. It isn't changed, and nothing is put beside it.
    static func open(copy path: String) throws(ArchiveFault) -> DatabaseQueue {
        guard let node = FileCalls.node(at: path) else {
            if FileCalls.failure(at: path)?.reason == .denied {
                throw ArchiveFault(
                    .denied, "\(path) can't be read by this user: run this as its owner")
            }
            throw ArchiveFault(.missing, "\(path) isn't there: name a file of `hubbub backup`")
        }
        guard node.isRegular else {
            throw ArchiveFault(.unusable, "\(path) is not a file: name a file of `hubbub backup`")
        }
        return try open(file: path) { file in
            let hasLog = FileCalls.node(at: path + "-wal") != nil
            return hasLog ? try file.openForReading() : try file.openUnchanging()
        }
    }

    private static func open(
        file path: String, _ open: (DatabaseFile) throws -> DatabaseQueue
    ) throws(ArchiveFault) -> DatabaseQueue {
        do {
            return try open(DatabaseFile(path: path, log: nil))
        } catch let fault as Fault {
            throw ArchiveFault(.unusable, fault.reason)
        } catch {
            throw ArchiveFault(error, path: path)
        }
    }

    private static func absent(_ path: String, in directory: String) -> ArchiveFault {
        if FileCalls.failure(at: path)?.reason == .denied {
            return ArchiveFault(
                .denied, "\(path) can't be read by this user: run this as its owner")
        }
        return FileCalls.node(at: directory) == nil
            ? ArchiveFault(
                .missing, "\(directory) can't be found: name the data directory with --data")
            : ArchiveFault(
                .missing,
                "\(directory) has no \(SQLiteStore.fileName): name the data directory with --data")
    }
}
