/// Terms that lines may not have, and what filters say of lines.
extension Hub {
    /// A room, or the whole server, has these terms from now on.
    public mutating func set(_ terms: TermState, in room: RoomName) {
        self.terms.set(terms.book, in: room)
        countFilters()
        if room == .everywhere {
            watchLines()
        } else if let room = self.room(named: room) {
            watchLines(of: room)
        }
    }

    /// Rooms have these terms, and no others.
    public mutating func replaceTerms(_ all: [OrdererOpening.StoredTerms]) {
        terms.removeAll()
        for each in all { terms.set(each.state.book, in: each.room) }
        countFilters()
        watchLines()
    }

    /// The bytes of terms and of authors have changed.
    mutating func countFilters() {
        filterBytes = terms.bytes + authors.bytes + firstJoins.bytes
    }

    /// The number of terms of all rooms and of the whole server.
    public var termCount: Int { terms.count }

    /// Throws if a guest may not have a name in a room, because it meets a term that blocks lines.
    public func checkName(
        _ username: String?, of author: Author, in room: RoomName
    ) throws(Refusal) {
        guard let username, author.user == nil, terms.hold(in: room),
            terms.read(username, .terms, in: room).action == .block
        else { return }
        throw .usernameNotAllowed
    }

    /// Throws if filters refuse a line. Returns what they say of it otherwise.
    func checkText(
        _ text: String, as username: String, by author: Author, in room: RoomName,
        _ rules: RoomRules
    ) throws(Refusal) -> LineReading {
        var questions: LineQuestions = []
        if !rules.links, author.badge == nil { questions.insert(.link) }
        if terms.hold(in: room) { questions.insert(.terms) }
        if rules.unique { questions.insert(.digest) }
        guard !questions.isEmpty else { return LineReading() }
        let reading = terms.read(text, questions, in: room)
        if reading.hasLink { throw .linksRefused }
        try checkName(username, of: author, in: room)
        if reading.action == .block { throw .termBlocked }
        return reading
    }
}
