/// Rules of rooms, which their moderators set.
extension Hub {
    /// The settings of a room with members.
    public func settings(of room: RoomID) -> RoomSettings { rooms[room.index]!.settings }

    /// The settings of a room have changed, or are known now.
    public mutating func set(_ settings: RoomSettings, in room: RoomID) {
        rooms[room.index]!.settings = settings
        watchLines(of: room)
        if !held.isEmpty { held.set(settings.rules, in: names[room.index]) }
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
            || bans.hasTimeouts(in: names[room.index]) || terms.hold(in: names[room.index])
        guard has != had else { return }
        rooms[room.index]!.hasRules = has
        ruledRooms += has ? 1 : -1
    }

    /// Throws if a rule of a member's room refuses a line. If the line is to wait, returns why.
    mutating func checkRules(
        for id: MembershipID, _ text: String, as username: String, _ author: Author,
        at now: UInt64, time: Timestamp
    ) throws(Refusal) -> HeldLine.Reason? {
        let room = room(of: id)
        guard rooms[room.index]!.hasRules, !author.moderates else { return nil }
        let (rules, name) = (rooms[room.index]!.settings.rules, names[room.index])
        guard rules != RoomRules() || terms.hold(in: name) else {
            // The caller has looked at timeouts. They may be over.
            bans.forgetTimeouts(in: name, at: time)
            watchLines(of: room)
            return nil
        }
        return try check(
            rules, of: name, text, as: username, by: membership(id).member, author,
            since: arrival(of: id), at: now)
    }

    /// The same for an author who doesn't moderate the room, and has been there since then. A line
    /// that is taken counts for slow mode, and its text for repeats.
    mutating func check(
        _ rules: RoomRules, of name: RoomName, _ text: String, as username: String,
        by member: MemberID, _ author: Author, since arrival: UInt64, at now: UInt64
    ) throws(Refusal) -> HeldLine.Reason? {
        if rules.frozen { throw .frozen }
        if rules.membersOnly, author.user == nil { throw .membersOnly }
        if rules.knownMinutes > 0 {
            try Self.checkKnown(since: arrival, for: rules.knownMinutes, at: now)
        }
        let reading = try checkText(text, as: username, by: author, in: name, rules)
        let reason = try reasonToHold(reading, rules, in: name)
        guard rules.slowSeconds > 0 || reading.digest != nil else { return reason }
        let key = authors.key(member, author, in: name)
        let pause = UInt64(rules.slowSeconds) * 1_000
        if pause > 0, let last = authors.lastLine(of: key), now < last + pause {
            throw .slowMode(seconds: rules.slowSeconds, retryAfter: last + pause - now)
        }
        if let digest = reading.digest {
            guard !authors.hasSaid(digest, by: key, at: now) else { throw .repeated }
            authors.said(digest, by: key, at: now)
        }
        if pause > 0 { authors.said(by: key, at: now) }
        countFilters()
        return reason
    }

    /// A line of a user was delivered, who may have said it on another server that shares the room.
    /// In slow mode the user has to wait here, too.
    public mutating func heard(of author: Author, in room: RoomID, at now: UInt64) {
        guard isShared, rooms[room.index]!.hasRules, let user = author.user else { return }
        let pause = UInt64(rooms[room.index]!.settings.rules.slowSeconds) * 1_000
        guard pause > 0 else { return }
        let key = RecentAuthors.Key(room: names[room.index], user: ByteText(user), guest: 0)
        if let last = authors.lastLine(of: key), now < last + pause { return }
        authors.said(by: key, at: now)
    }

    /// A moderator makes a room say a line, which bears the room's name.
    public func announced(
        _ message: String, in name: RoomName, key: String?, unless objection: Refusal? = nil,
        time: Timestamp
    ) throws(Refusal) -> Posting {
        let text = try ChatText.checkedMessage(message, limits: limits)
        let draft = Draft(
            room: name, time: time, username: name.text, message: text,
            by: Author(badge: .system), key: key)
        if key != nil, let line = try earlierLine(as: draft) { return .sentBefore(line) }
        if let objection { throw objection }
        return .draft(draft)
    }
}
