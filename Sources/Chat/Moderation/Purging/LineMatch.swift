/// Tells the lines that a moderator wants to delete from others. Lines of equals and betters are
/// left alone.
public struct LineMatch: Sendable {
    /// The numbers among which they are, and the time of the oldest.
    package let seqs: ClosedRange<UInt64>
    package let since: Timestamp
    private let author: Author
    private let users: Set<ByteText>
    /// Names in the form in which they are compared.
    private let names: Set<ByteText>
    /// The people of a line.
    private let target: BanTarget?
    private let word: WordSearch?

    /// `line` is the one that the order names, if that exists. Throws if its author may not be
    /// touched.
    package init(
        _ order: PurgeOrder, line: Line?, from origin: Origin?, by author: Author,
        at time: Timestamp
    ) throws(Refusal) {
        guard author.moderates else { throw .notModerator }
        if let seq = order.line {
            var people = BanOrder(.line(seq))
            people.isWide = order.isWide
            target = try people.target(line: line, from: origin, by: author)
        } else {
            target = nil
        }
        self.author = author
        users = Set(order.users.map { ByteText($0) })
        names = Set([order.username].compactMap { $0.map { BanKey.folded($0) } })
        word = order.matching.map { WordSearch($0) }
        let first = order.from ?? 0
        seqs = first...max(order.to ?? .max, first)
        since = Timestamp(
            milliseconds: order.minutes.map { time.milliseconds - Int64($0) * 60_000 } ?? 0)
    }

    /// The lines of the people that a ban means.
    package init(of target: BanTarget, by author: Author) {
        (self.target, self.author) = (target, author)
        (users, names, word, seqs) = ([], [], nil, 0 ... .max)
        since = Timestamp(milliseconds: 0)
    }

    /// Whether origins of lines matter.
    package var needsOrigins: Bool { target.map { $0.kind != .user } ?? false }

    package func takes(_ line: Line, from origin: Origin?) -> Bool {
        guard !line.isDeleted, seqs.contains(line.seq), since <= line.time,
            author.outranks(line.author) || author.owns(line)
        else { return false }
        if let word, !word.isIn(line.message) { return false }
        if users.isEmpty, names.isEmpty, target == nil { return true }
        if let user = line.author.user, users.contains(ByteText(user)) { return true }
        if names.contains(BanKey.folded(line.username)) { return true }
        return target?.means(
            Visitor(
                user: line.author.user, username: line.username, origin: origin ?? .unknown))
            ?? false
    }
}
