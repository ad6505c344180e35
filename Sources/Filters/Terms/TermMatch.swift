public import Chat

/// The term that a line has met. It is for moderators and their log. The author of the line isn't
/// told which term it was.
public struct TermMatch: Equatable, Sendable {
    public let term: Term
    /// Whether the term is one of the whole server, not of the room.
    public let isServerWide: Bool

    /// The match of a line that is said in a room. A term that blocks comes before one that holds,
    /// and a term of the server before one of the room.
    public static func first(
        in line: FoldedText, server: TermList?, room: TermList?
    ) -> TermMatch? {
        let wide = server?.match(line).map { TermMatch(term: $0, isServerWide: true) }
        if let wide, wide.term.action == .block { return wide }
        let own = room?.match(line).map { TermMatch(term: $0, isServerWide: false) }
        if let own, wide == nil || own.term.action == .block { return own }
        return wide
    }
}
