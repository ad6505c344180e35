/// The terms of a room, or of the whole server, ready to be compared with lines. The module
/// `Filters` has one.
///
/// It is a value: changes make another one. To make it may take milliseconds, so that is done where
/// changes are ordered, on the thread of a store if there is one.
public protocol TermBook: Sendable {
    var count: Int { get }

    /// Bytes of memory that it takes, about.
    var bytes: Int { get }

    /// All terms, in the order of their bytes.
    var terms: [Term] { get }

    /// The term with this text.
    subscript(text: String) -> Term? { get }

    /// The same with other terms. Throws if one of them can't be taken, or if they are too many.
    func changed(by order: TermsOrder) throws(Refusal) -> any TermBook

    /// Answers questions about a text. This is the book of the whole server, and `room` that of the
    /// room.
    func read(_ text: String, _ questions: LineQuestions, room: (any TermBook)?) -> LineReading
}
