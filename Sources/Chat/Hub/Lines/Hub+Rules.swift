/// Rules of rooms, which their moderators set.
extension Hub {
    /// The settings of a room with members.
    public func settings(of room: RoomID) -> RoomSettings { rooms[room.index]!.settings }

    /// The settings of a room have changed, or are known now.
    public mutating func set(_ settings: RoomSettings, in room: RoomID) {
        rooms[room.index]!.settings = settings
        watchLines(of: room)
    }

    /// A room that is ordered in place has changed. It forgets its lines when its last member
    /// leaves, but not this.
    public mutating func keep(
        _ name: RoomName, lastRev: UInt64, _ settings: RoomSettings? = nil
    ) {
        let known = kept[name]?.settings ?? RoomSettings()
        kept[name] = KeptRoom(settings: settings ?? known, lastRev: lastRev)
    }

    /// Decides whether lines in a room need a look.
    mutating func watchLines(of room: RoomID) {
        let had = rooms[room.index]!.hasRules
        let has =
            rooms[room.index]!.settings.rules != RoomRules()
            || bans.hasTimeouts(in: names[room.index])
        guard has != had else { return }
        rooms[room.index]!.hasRules = has
        ruledRooms += has ? 1 : -1
    }

    /// Throws if a rule of the room refuses a line. A line that is taken counts for slow mode.
    mutating func checkRules(
        of room: RoomID, _ text: String, by member: MemberID, _ author: Author, at now: UInt64,
        time: Timestamp
    ) throws(Refusal) {
        guard rooms[room.index]!.hasRules, !author.moderates else { return }
        let rules = rooms[room.index]!.settings.rules
        guard rules != RoomRules() else {
            // The caller has looked at timeouts. They may be over.
            bans.forgetTimeouts(in: names[room.index], at: time)
            return watchLines(of: room)
        }
        try check(rules, of: names[room.index], text, by: member, author, at: now)
    }

    /// The same for a room with these rules, and an author that doesn't moderate it.
    mutating func check(
        _ rules: RoomRules, of name: RoomName, _ text: String, by member: MemberID,
        _ author: Author, at now: UInt64
    ) throws(Refusal) {
        if rules.frozen { throw .frozen }
        if rules.membersOnly, author.user == nil { throw .membersOnly }
        if !rules.links, author.badge == nil, Self.hasLink(text) { throw .linksRefused }
        guard rules.slowSeconds > 0 else { return }
        let key = SlowKey(
            room: name, user: author.user.map(ByteText.init),
            member: author.user == nil ? member : nil)
        let pause = UInt64(rules.slowSeconds) * 1_000
        if let last = lastLines[key], now < last + pause {
            throw .slowMode(seconds: rules.slowSeconds, retryAfter: last + pause - now)
        }
        if lastLines.count >= Self.lastLinesLimit { lastLines = [:] }
        lastLines[key] = now
    }

    /// Authors whose last lines are known. Beyond it, all may speak again.
    private static let lastLinesLimit = 65_536

    /// Whether a text has something that pages make a link of.
    static func hasLink(_ text: String) -> Bool {
        let text = text.lowercased()
        return text.contains("://") || text.contains("www.")
    }

    /// An author in a room with slow mode.
    struct SlowKey: Hashable {
        let room: RoomName
        let user: ByteText?
        let member: MemberID?
    }

    /// A member makes its room say a line, which bears the room's name.
    public func announced(
        _ message: String, in name: RoomName, key: String?, by member: MemberID, time: Timestamp
    ) throws(Refusal) -> Saying {
        let (room, _) = try membership(of: member, in: name)
        let text = try ChatText.checkedMessage(message, limits: limits)
        let draft = Draft(
            room: name, time: time, username: name.text, message: text,
            by: Author(badge: .system), key: key)
        guard key != nil else { return .draft(draft, room) }
        switch sends.status(of: draft) {
        case .new: return .draft(draft, room)
        case .pending(let ticket): return .underWay(ticket: ticket)
        case .stored(let seq, let time): return .repeated(seq: seq, time: time)
        case .otherText: throw .idReused
        }
    }
}
