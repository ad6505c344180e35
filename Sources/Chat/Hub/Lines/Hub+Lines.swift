extension Hub {
    /// A client of the plain dialect sends a line in its room, which is ordered in place. The line
    /// is numbered, and no string is made of it. Returns nil and does nothing if the room is
    /// ordered elsewhere, or if ``ChatText`` must check the line closely. `now` is monotonic, in
    /// milliseconds.
    ///
    /// - Parameter text: the text frame, which must be UTF-8.
    public mutating func numbered(
        _ fields: PlainFields, in text: Span<UInt8>, by member: MemberID, at now: UInt64
    ) throws(Refusal) -> VerbatimLine? {
        let (username, message) = (fields.username, fields.message)
        guard case .inPlace = ordering, !username.hasEscapes, !message.hasEscapes,
            let name = ChatText.plainName(text.extracting(username.range), limits: limits),
            ChatText.isPlain(message: text.extracting(message.range), limits: limits)
        else { return nil }
        let id = speaking(member)
        let room = memberships[id.index]!.room
        guard ruledRooms == 0 || !rooms[room.index]!.hasRules else { return nil }
        let isCalled = memberships[id.index]!.isCalled(name)
        // The name may be banned.
        guard isCalled || bans.isEmpty else { return nil }
        try takeLine(of: member, at: now)
        if !isCalled { renamed(id, try username.string(in: text)) }
        let seq = rooms[room.index]!.takeNumber()
        return VerbatimLine(
            room: room, seq: seq, renames: !isCalled, username: username.range,
            message: message.range)
    }

    /// The one membership of a client of the plain dialect.
    private func speaking(_ member: MemberID) -> MembershipID {
        guard let id = firstMembership(of: member) else {
            preconditionFailure("a member that sends a line is in a room")
        }
        return id
    }

    /// The room of a client of the plain dialect, if its state has yet to come: nobody knows the
    /// rules for lines there.
    public mutating func awaitedRoom(of member: MemberID) -> RoomName? {
        guard asked > 0, let id = firstMembership(of: member) else { return nil }
        let room = room(of: id)
        return rooms[room.index]!.isOpen ? nil : names[room.index]
    }

    /// A client of the plain dialect sends a line in its room. If the line is to wait, that has a
    /// reason. `now` is monotonic, in milliseconds.
    public mutating func drafted(
        _ message: PlainMessage, by member: MemberID, as author: Author = .guest, at now: UInt64,
        time: Timestamp
    ) throws(Refusal) -> (Draft, RoomID, HeldLine.Reason?) {
        let username = try ChatText.checkedUsername(message.username, limits: limits)
        let text = try ChatText.checkedMessage(message.message, limits: limits)
        let id = speaking(member)
        try takeLine(of: member, author, at: now)
        let reason = try checkRules(for: id, text, as: username, author, at: now, time: time)
        renamed(id, username)
        let room = room(of: id)
        let draft = Draft(
            room: name(of: room), time: time, username: username, message: text, by: author,
            key: nil)
        return (draft, room, reason)
    }

    /// A client of the rich dialect sends a line. The room keeps the name that comes with it.
    /// `objection` is why no new line is taken now.
    public mutating func said(
        _ message: String, in name: RoomName, as username: String?, key: String?,
        by member: MemberID, _ author: Author = .guest, unless objection: Refusal? = nil,
        at now: UInt64, time: Timestamp
    ) throws(Refusal) -> Saying {
        let (room, id) = try membership(of: member, in: name)
        let checked: String
        if let username {
            checked = try ChatText.checkedUsername(username, limits: limits)
        } else if let present = membership(id).username {
            checked = present
        } else {
            throw .usernameMissing
        }
        let text = try ChatText.checkedMessage(message, limits: limits)
        let draft = Draft(
            room: name, time: time, username: checked, message: text, by: author, key: key)
        if key != nil, let line = try earlierLine(as: draft) { return .sentBefore(line) }
        if let objection { throw objection }
        try takeLine(of: member, author, at: now)
        let reason = try checkRules(for: id, text, as: checked, author, at: now, time: time)
        renamed(id, checked)
        return reason.map { .held(draft, room, $0) } ?? .draft(draft, room)
    }

    /// What has become of a line that is sent again.
    public enum EarlierLine: Equatable, Sendable {
        /// It was said, and has this number.
        case said(seq: UInt64, time: Timestamp)
        /// It is on its way to the store as the draft with this ticket.
        case underWay(ticket: UInt64)
        /// It waits.
        case waiting(HeldLine)
    }

    /// The line that was sent before with the key of `draft`, which must have one. Throws if that
    /// had another text.
    // Inlined, because a call would get a copy of the hub.
    @inline(__always)
    func earlierLine(as draft: Draft) throws(Refusal) -> EarlierLine? {
        switch sends.status(of: draft) {
        case .new: try held.line(of: draft).map { .waiting($0) }
        case .pending(let ticket): .underWay(ticket: ticket)
        case .stored(let seq, let time): .said(seq: seq, time: time)
        case .otherText: throw .idReused
        }
    }

    /// A line of anybody. That of a user counts for the user.
    mutating func takeLine(
        of member: MemberID, _ author: Author, at now: UInt64
    ) throws(Refusal) {
        guard let user = author.user else {
            if !author.isExempt { try takeLine(of: member, at: now) }
            return
        }
        guard !author.isExempt else { return }
        let wait = userAllowances.take(
            user, rate: limits.linesPerSecond, burst: limits.lineBurst, at: now)
        if let wait {
            throw .rateLimited(linesPerSecond: limits.linesPerSecond, retryAfter: wait)
        }
    }

    @inline(__always)
    private mutating func takeLine(of member: MemberID, at now: UInt64) throws(Refusal) {
        let wait = allowances[member.index].take(
            rate: limits.linesPerSecond, burst: limits.lineBurst, at: now)
        if let wait {
            throw .rateLimited(linesPerSecond: limits.linesPerSecond, retryAfter: wait)
        }
    }

    /// A draft is on its way to the store. Its ticket finds it again.
    public mutating func submitted(_ draft: Draft, ticket: UInt64, at now: UInt64) {
        if draft.key != nil { sends.sent(draft, ticket: ticket, at: now) }
    }

    /// Nothing is stored: gives a draft its number, and so its position in the order of its room.
    public mutating func numbered(_ draft: Draft, in room: RoomID, at now: UInt64) -> UInt64 {
        let seq = rooms[room.index]!.takeNumber()
        if draft.key != nil { sends.sent(draft, seq: seq, at: now) }
        return seq
    }

    /// A draft has its number, and so its position in the order of its room. It is delivered when
    /// it arrives as an entry.
    public mutating func ordered(_ draft: Draft, as seq: UInt64) {
        if draft.key != nil { sends.stored(draft, seq: seq) }
        guard let room = room(named: draft.room),
            case .asked(let unheard) = rooms[room.index]!.ordering
        else { return }
        rooms[room.index]!.ordering = .asked(unheard: min(unheard ?? seq, seq))
    }

    /// A draft wasn't said, or nobody knows.
    public mutating func failed(_ draft: Draft) {
        if draft.key != nil { sends.failed(draft) }
        authors.forgetTexts()
    }

    /// The store has opened: these lines, sent before the server's restart, are known again. `now`
    /// is monotonic, in milliseconds, and `time` is the same moment on the clock of lines.
    public mutating func remember(
        _ earlier: ArraySlice<StoredSend>, at now: UInt64, time: Timestamp
    ) {
        for send in earlier { sends.remember(send, at: now, time: time) }
    }

    /// Forgets keys that are too old, at most `limit` at a time. `now` is monotonic, in
    /// milliseconds.
    public mutating func forgetSends(at now: UInt64, atMost limit: Int) {
        sends.forget(at: now, atMost: limit)
    }
}
