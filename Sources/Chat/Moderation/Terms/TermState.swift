/// The terms of a room, or of the whole server, from a change on.
public struct TermState: Equatable, Sendable {
    public let book: any TermBook

    public init(_ book: any TermBook) { self.book = book }

    public static func == (left: TermState, right: TermState) -> Bool {
        left.book.count == right.book.count && left.book.terms == right.book.terms
    }
}
