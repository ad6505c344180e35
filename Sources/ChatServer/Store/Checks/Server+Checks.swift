internal import Chat
internal import Identity
internal import Reactor

/// Lines that somebody outside is asked about before they are said.
extension Server where Net: ~Copyable {
    /// A line of a member is valid. It is checked first.
    mutating func check(
        _ draft: Draft, in room: RoomID, from index: Int, because reason: HeldLine.Reason? = nil
    ) throws(Refusal) {
        noticePresence(of: room)
        let token = connections.token(at: index)
        var draft = draft
        if draft.author.isGuest { draft.origin = addresses.origins.origin(token) }
        try check(draft, under: hub.settings(of: room).rules, from: token, because: reason)
    }

    /// The same in a room with these rules, which may have no members. It waits afterwards if there
    /// is a reason.
    mutating func check(
        _ draft: Draft, under rules: RoomRules, from token: Token, because reason: HeldLine.Reason?
    ) throws(Refusal) {
        guard history.lineChecks.hasRoom(limit: history.draftBytes) else {
            history.lineChecks.overflowed()
            // It must not overtake another line of its sender.
            if history.lineChecks.isChecking(token) { throw .checkUnavailable }
            return try uncheckable(draft, under: rules, from: token, [], because: reason)
        }
        let ticket = history.lineChecks.nextTicket
        hub.submitted(draft, ticket: ticket, at: clock.now.milliseconds)
        history.lineChecks.append(draft, from: token, rules, because: reason)
    }

    /// Answers have arrived.
    @inline(never)
    mutating func takeChecks() {
        for (check, verdict) in history.lineChecks.take() {
            do throws(Refusal) {
                try checked(check, verdict)
            } catch {
                hub.failed(check.draft)
                for token in check.askers where connections.contains(token) {
                    refuse(token.index, error, id: check.draft.key)
                }
            }
        }
    }

    private mutating func checked(
        _ check: CheckQueue.Check, _ verdict: CheckAnswer.Verdict
    ) throws(Refusal) {
        // Its author may have been banned in the meantime.
        let draft = check.draft
        if !hub.bans.isEmpty {
            let visitor = Visitor(
                user: draft.author.user, username: draft.username, origin: draft.origin,
                badge: draft.author.badge)
            if let ban = hub.bans.ban(of: visitor, in: draft.room, at: clock.wall) { throw ban }
            if let timeout = hub.bans.timeout(of: visitor, in: draft.room, at: clock.wall) {
                throw timeout
            }
        }
        let (rules, sender, others) = (check.rules, check.sender, check.others)
        switch verdict {
        case .allow: try pass(draft, under: rules, from: sender, others, because: check.reason)
        case .change(let text):
            guard let text = try? ChatText.checkedMessage(text, limits: limits.chat) else {
                return try uncheckable(
                    draft, under: rules, from: sender, others, because: check.reason)
            }
            try pass(
                draft.saying(text), under: rules, from: sender, others, because: check.reason)
        case .hold:
            try pass(draft, under: rules, from: sender, others, because: .check)
        case .refuse(let reason): throw .checkRefused(reason)
        case .failed:
            try uncheckable(draft, under: rules, from: sender, others, because: check.reason)
        }
    }

    /// A line could not be checked.
    private mutating func uncheckable(
        _ draft: Draft, under rules: RoomRules, from token: Token, _ others: [Token],
        because reason: HeldLine.Reason?
    ) throws(Refusal) {
        switch history.lineChecks.failure {
        case .allow: try pass(draft, under: rules, from: token, others, because: reason)
        case .hold:
            try pass(draft, under: rules, from: token, others, because: .check)
        case .refuse: throw .checkUnavailable
        }
    }

    /// A line was checked: it is said, or waits.
    private mutating func pass(
        _ draft: Draft, under rules: RoomRules, from token: Token, _ others: [Token],
        because reason: HeldLine.Reason?
    ) throws(Refusal) {
        if let reason {
            let ticket = history.changes.holds.nextTicket
            try hold(draft, under: rules, from: token, because: reason)
            for other in others { history.changes.holds.awaited(ticket, by: other) }
            return
        }
        guard !history.isInPlace else { return try number(draft, from: token, others) }
        try checkStore()
        let ticket = history.commits.nextID
        hub.submitted(draft, ticket: ticket, at: clock.now.milliseconds)
        _ = history.commits.append(draft, from: token)
        for other in others { history.commits.awaited(ticket, by: other) }
    }

    /// Nothing is stored: a line that was checked gets its number now.
    private mutating func number(
        _ draft: Draft, from token: Token, _ others: [Token]
    ) throws(Refusal) {
        let now = clock.now.milliseconds
        let seq: UInt64
        if let room = hub.room(named: draft.room) {
            seq = hub.numbered(draft, in: room, at: now)
            if draft.author.isGuest { streams[room].origins.append(seq, draft.origin) }
            publish(seq, in: room, at: draft.time, draft.username, draft.message, by: draft.author)
        } else {
            // Nobody is there any more to get the line of a member.
            guard connections.contains(token), !connections[token.index].isInChat else {
                throw .notJoined(draft.room)
            }
            seq = numberAlone(draft, token.index)
        }
        guard let key = draft.key else { return }
        for asker in [token] + others where connections.contains(asker) {
            acknowledge(asker.index, key, draft.room, seq, draft.time)
        }
    }
}
