package import Chat
internal import GRDB

/// The stored lines of a directory, page by page, while a daemon may be writing. Each page is read
/// in a transaction of its own, so that a slow reader holds up nothing.
package struct LineArchive {
    /// A room that has a row.
    package struct Room: Equatable, Sendable {
        package let name: RoomName
        /// The oldest line left, or `last + 1` if none is left.
        package let oldest: UInt64
        /// The last line ever stored.
        package let last: UInt64

        /// Lines that are left.
        package var lines: UInt64 { last + 1 - oldest }
    }

    /// Rooms of a page.
    private static let roomsAtOnce = 256

    private let path: String
    private let connection: DatabaseQueue
    private let deletions: DeletionReader

    package init(directory: String) throws(ArchiveFault) {
        deletions = DeletionReader(directory: directory)
        path = "\(directory)/\(SQLiteStore.fileName)"
        connection = try StoredDatabase.open(directory)
    }

    /// A room with this name. Nil if it never had a line.
    package func room(_ name: RoomName) throws(ArchiveFault) -> Room? {
        try read { db throws in
            try RoomNumbers.stored(name, in: db).map { Room(name: name, $0) }
        }
    }

    /// Calls `body` for each room, in the order of their names.
    package func forEachRoom(_ body: (Room) throws -> Void) throws {
        var last = ""
        while true {
            let page = try names(after: last)
            for text in page.texts {
                guard let name = RoomName(text), let room = try room(name) else { continue }
                try body(room)
            }
            guard let end = page.texts.last, page.isFull else { return }
            last = end
        }
    }

    /// Lines of a room from a number on, and the last number that they cover. The lines below it
    /// that aren't among them are gone.
    package func page(
        of room: RoomName, from: UInt64, through: UInt64
    ) throws(ArchiveFault) -> RoomPage {
        let page = try read { db throws in
            try StoredRoom.page(of: room, from: from, through: through, in: db)
        }
        do throws(Fault) {
            return try deletions.hide(page, of: room)
        } catch {
            throw ArchiveFault(.failing, error.reason)
        }
    }

    private func names(after last: String) throws(ArchiveFault) -> (texts: [String], isFull: Bool) {
        let rows = try read { db throws in
            try Row.fetchAll(
                db.cachedStatement(
                    sql: """
                        SELECT name FROM room WHERE name > ? ORDER BY name
                        LIMIT \(Self.roomsAtOnce)
                        """),
                arguments: [last])
        }
        return (rows.map { StoredText.text($0, 0) }, rows.count == Self.roomsAtOnce)
    }

    private func read<Result>(
        _ read: (Database) throws -> Result
    ) throws(ArchiveFault) -> Result {
        do {
            return try connection.read(read)
        } catch {
            throw ArchiveFault(error, path: path)
        }
    }
}

extension LineArchive.Room {
    fileprivate init(name: RoomName, _ numbers: RoomNumbers) {
        self.name = name
        oldest = UInt64(numbers.oldest)
        last = UInt64(numbers.last)
    }
}
