internal import Chat
internal import Filters
internal import GRDB
internal import Synchronization

/// The terms of rooms, compiled. To compile 10 000 of them takes long, so that is done once.
final class KnownTerms: Sendable {
    private let books = Mutex<[Int64: any TermBook]>([:])

    /// A room has these terms from now on.
    func keep(_ book: any TermBook, of room: Int64) {
        books.withLock { $0[room] = book }
    }

    /// The terms of a room.
    func book(of room: Int64, in db: Database) throws -> any TermBook {
        if let known = books.withLock({ $0[room] }) { return known }
        let book = TermList().listing(try TermRows.terms(of: room, in: db))
        keep(book, of: room)
        return book
    }

    /// The terms of all rooms that have any.
    func all(in db: Database) throws -> [OrdererOpening.StoredTerms] {
        try TermRows.rooms(in: db).map { room in
            OrdererOpening.StoredTerms(
                room: room.name, TermState(try book(of: room.id, in: db)))
        }
    }
}
