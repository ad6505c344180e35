/// The terms of all rooms that have any, and of the whole server.
struct TermTable: Sendable {
    private var rooms: [RoomName: any TermBook] = [:]
    private var everywhere: any TermBook
    private let empty: any TermBook
    /// The bytes of memory that they take.
    private(set) var bytes = 0
    /// The number of terms.
    private(set) var count = 0

    /// `empty` is a book without terms.
    init(_ empty: any TermBook) { (everywhere, self.empty) = (empty, empty) }

    mutating func removeAll() { self = TermTable(empty) }

    var isEmpty: Bool { count == 0 }

    /// Whether a line in a room may meet a term.
    func hold(in room: RoomName) -> Bool {
        !isEmpty && (everywhere.count > 0 || rooms[room] != nil)
    }

    /// A room, or the whole server, has these terms from now on.
    mutating func set(_ book: any TermBook, in room: RoomName) {
        let old = room == .everywhere ? everywhere : rooms[room]
        bytes += book.bytes - (old?.bytes ?? 0)
        count += book.count - (old?.count ?? 0)
        if room == .everywhere {
            everywhere = book
        } else {
            rooms[room] = book.count > 0 ? book : nil
        }
    }

    /// Answers questions about a text in a room.
    func read(_ text: String, _ questions: LineQuestions, in room: RoomName) -> LineReading {
        everywhere.read(text, questions, room: rooms.isEmpty ? nil : rooms[room])
    }
}
