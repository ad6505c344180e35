internal import Foundation
internal import GRDB

/// Files that only this user may read and write, whatever the umask.
///
/// Nobody else may write the directory, see ``DataLock``, so nobody changes the file between two
/// looks at it.
enum PrivateFile {
    private static let mode = 0o600

    /// Opens a file for reading and writing, or creates it.
    static func open(_ path: String) throws -> FileHandle {
        try prepare(path)
        return try FileHandle(forUpdating: URL(filePath: path))
    }

    /// Creates a file if there is none, and takes it from everybody else. Throws if it is anything
    /// but a file: a symbolic link could lead to another one.
    static func prepare(_ path: String) throws {
        if !FileManager.default.fileExists(atPath: path), !isLink(path) {
            guard
                FileManager.default.createFile(
                    atPath: path, contents: nil, attributes: [.posixPermissions: mode])
            else { throw CocoaError(.fileWriteUnknown) }
        }
        try restrict(path)
    }

    /// Opens a database for writing, or creates it.
    static func database(_ path: String) throws -> DatabaseQueue {
        // SQLite gives its other files the permissions of the database.
        try prepare(path)
        for suffix in ["-wal", "-shm"] { try restrict(path + suffix) }
        var configuration = Configuration()
        configuration.busyMode = .timeout(DatabaseFile.lockPatience)
        return try DatabaseQueue(path: path, configuration: configuration)
    }

    /// Opens a database for reading.
    ///
    /// - Parameter isUnchanging: no process can write it, and it has no WAL. It is read without the
    ///   files that readers share, and so without the right to write its directory.
    static func databaseForReading(
        _ path: String, isUnchanging: Bool = false
    ) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(DatabaseFile.lockPatience)
        let address = isUnchanging ? "\(URL(filePath: path).absoluteString)?immutable=1" : path
        return try DatabaseQueue(path: address, configuration: configuration)
    }

    /// Takes a file from everybody else, if there is one.
    static func restrict(_ path: String) throws {
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: path) else {
            return
        }
        guard attributes[.type] as? FileAttributeType == .typeRegular else {
            throw Refused(description: "\(path) is a symbolic link or no file: remove it")
        }
        guard (attributes[.posixPermissions] as? NSNumber)?.intValue != mode else { return }
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    }

    struct Refused: Error, CustomStringConvertible {
        let description: String
    }

    private static func isLink(_ path: String) -> Bool {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        return attributes?[.type] as? FileAttributeType == .typeSymbolicLink
    }
}
