/// Lines of users that needn't be in the room. They come with requests.
extension Hub {
    /// A user says a line. It counts for the user, as all its lines do. `now` is monotonic, in
    /// milliseconds.
    ///
    /// - Parameters:
    ///   - member: the connection, which is in no room.
    ///   - settings: those of the room, which count if it has no member.
    ///   - objection: why no new line is taken now.
    ///   - isExempt: whether no rate and no rule of the room holds, whoever the author is.
    public mutating func posted(
        _ posted: PostedMessage, in name: RoomName, key: String, by member: MemberID,
        _ author: Author, unless objection: Refusal? = nil, isExempt: Bool = false,
        settings: RoomSettings, at now: UInt64, time: Timestamp
    ) throws(Refusal) -> Posting {
        guard let user = author.user else {
            preconditionFailure("only a user says lines without a seat")
        }
        guard let given = posted.username else { throw .usernameMissing }
        let draft = Draft(
            room: name, time: time,
            username: try ChatText.checkedUsername(given, limits: limits),
            message: try ChatText.checkedMessage(posted.message, limits: limits), by: author,
            key: key)
        if let line = try earlierLine(as: draft) { return .sentBefore(line) }
        if let objection { throw objection }
        guard !isExempt else { return .draft(draft) }
        try takeLine(of: member, author, at: now)
        guard !author.moderates else { return .draft(draft) }
        let rules = (room(named: name).map { self.settings(of: $0) } ?? settings).rules
        let arrival = rules.knownMinutes > 0 ? spoke(user, in: name, at: now) : 0
        let reason = try check(
            rules, of: name, draft.message, as: draft.username, by: member, author,
            since: arrival, at: now)
        return reason.map { .held(draft, rules, $0) } ?? .draft(draft)
    }

    /// The settings that a room without members keeps, if rooms are ordered in place.
    public func keptSettings(of name: RoomName) -> RoomSettings {
        kept[name]?.settings ?? RoomSettings()
    }

    /// Nothing is stored, and nobody is in the draft's room: it appears for this line and vanishes
    /// again. Returns the line's number.
    public mutating func numberedAlone(
        _ draft: Draft, by member: MemberID, at now: UInt64
    ) -> UInt64 {
        let room = entered(member, room: draft.room)
        let seq = numbered(draft, in: room, at: now)
        guard let id = membership(of: member, in: room), left(id) != nil else {
            preconditionFailure("it was alone in the room")
        }
        return seq
    }

    /// The lines that a user may say now, and the milliseconds until it has all of its burst again.
    @inline(__always)
    public func linesLeft(to user: String, at now: UInt64) -> (lines: Int, fullAfter: UInt64) {
        userAllowances.left(
            to: user, rate: limits.linesPerSecond, burst: limits.lineBurst, at: now)
    }
}
