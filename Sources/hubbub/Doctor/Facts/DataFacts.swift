internal import ChatStore
internal import Foundation

/// The data directory and what is in it.
struct DataFacts: Equatable {
    var path: String
    /// The user that asks.
    var user: UInt32
    /// Nil if it isn't there.
    var directory: FileFacts?
    /// The daemon's files in it.
    var files: [FileFacts] = []
    /// Nil if that can't be told.
    var disk: DiskFacts?
    /// The process that uses it.
    var holder: Int32?
    var database: DatabaseFacts
    /// Bytes that the lines may take: `--max-history-bytes`, 0 for half of what is free.
    var historyBytes = 0

    /// How long the pages of the database are looked at.
    private static let patience = 5_000

    static func present(_ path: String, historyBytes: Int) -> DataFacts {
        let names = StoredDatabase.fileNames + DataDirectory.identityFiles
        let files = names.compactMap {
            SystemCalls.file(at: "\(path)/\($0)", followingLinks: false)
        }
        let holder = LockHolder.process(ofLockAt: "\(path)/\(DataLock.fileName)")
        // The disk of a directory that isn't there yet is that of the nearest one that is.
        let nearest =
            DataDirectory.parents(of: path).last {
                SystemCalls.file(at: $0, followingLinks: true) != nil
            } ?? "."
        let mounts = (try? String(contentsOfFile: "/proc/self/mountinfo", encoding: .utf8)) ?? ""
        let kind = DiskFacts.Kind(
            of: URL(filePath: nearest).resolvingSymlinksInPath().path, mounts: mounts)
        return DataFacts(
            path: path, user: SystemCalls.user(),
            directory: SystemCalls.file(at: path, followingLinks: true), files: files,
            disk: SystemCalls.disk(of: nearest, kind), holder: holder,
            database: DatabaseFacts(
                directory: path, isInUse: holder != nil, milliseconds: patience),
            historyBytes: historyBytes)
    }
}
