internal import Chat
internal import Foundation

/// The file of the ``Stamp``, beside the database.
struct StampFile {
    private let file: FileHandle
    /// The stamp that the last run left. Nil if there is none.
    let last: Stamp?

    /// Opens the file at `path`, or creates it.
    init(path: String) throws {
        file = try PrivateFile.open(path)
        last = try file.readToEnd().flatMap(Stamp.init)
    }

    /// Replaces the stamp. It is on the disk when this returns.
    func begin(_ stamp: Stamp) throws {
        try file.truncate(atOffset: 0)
        try file.write(contentsOf: stamp.text)
        try file.synchronize()
    }

    /// Replaces the stamp. It survives the process.
    func committed(_ stamp: Stamp) {
        // The worst that a failure does is that a restored copy isn't noticed.
        try? file.seek(toOffset: 0)
        try? file.write(contentsOf: stamp.text)
    }
}
