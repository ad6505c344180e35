internal import Chat
internal import Foundation
internal import GRDB

/// Writes a copy of a directory's database, which a daemon may be using.
package enum Backup {
    /// What a copy contains.
    package struct Report: Equatable, Sendable {
        package let rooms: Int
        package let lines: Int
        package let bytes: Int
    }

    /// Copies the database of a directory into a file, which is checked before it gets its name.
    /// That may be no file of the store, and none of `others`, which are names in the directory.
    package static func write(
        _ directory: String, to path: String, replacing: Bool, sparing others: [String] = []
    ) throws(ArchiveFault) -> Report {
        let source = try StoredDatabase.open(directory)
        let own = StoredDatabase.fileNames + others
        guard !own.contains(where: { isSame(path, "\(directory)/\($0)") }) else {
            throw ArchiveFault(
                .uncreatable, "\(path) is a file of the data directory: name another one")
        }
        let file = try FreshFile(path, replacing: replacing)
        do {
            try DatabaseCopy.copy(source, into: file)
            try DatabaseCopy.erase(
                DeletionReader(directory: directory).all(), in: file.temporary)
            let content = try DatabaseCopy.finish(file.temporary)
            try file.publish()
            return Report(rooms: content.rooms, lines: content.lines, bytes: content.bytes)
        } catch {
            throw fault(error, reading: "\(directory)/\(SQLiteStore.fileName)", writing: path)
        }
    }

    /// Whether two paths lead to one file.
    private static func isSame(_ path: String, _ own: String) -> Bool {
        let place = URL(filePath: own).standardizedFileURL.resolvingSymlinksInPath().path
        if URL(filePath: path).standardizedFileURL.resolvingSymlinksInPath().path == place {
            return true
        }
        guard let node = FileCalls.node(at: path) else { return false }
        return node == FileCalls.node(at: place)
    }

    /// A full disk is that of the copy, damage is that of the original.
    private static func fault(
        _ error: any Error, reading source: String, writing target: String
    ) -> ArchiveFault {
        let isDamage = (error as? DatabaseError)?.resultCode == .SQLITE_CORRUPT
        return ArchiveFault(error, path: isDamage ? source : target)
    }
}
