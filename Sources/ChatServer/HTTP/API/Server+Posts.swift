internal import Chat
internal import Identity
internal import Reactor
internal import WebSocket

/// Lines of requests.
extension Server where Net: ~Copyable {
    /// Says the line of a request. `settings` are those of its room, if they had to be looked up.
    mutating func say(
        _ index: Int, _ posted: PostedMessage, _ request: APIRequest, settings: RoomSettings?
    ) throws(Refusal) {
        counts.linesReceived += 1
        let name = request.room
        let author = try speaker(posted, request)
        let isTrusted = request.holder?.speaksForOthers ?? false
        try check(posted, by: author, in: name, isTrusted: isTrusted)
        let kept = settings ?? hub.keptSettings(of: name)
        let posting = try hub.posted(
            posted, in: name, key: request.key, by: MemberID(index: index), author,
            unless: storeObjection, isExempt: isTrusted, settings: kept, at: clock.now.milliseconds,
            time: clock.wall)
        let rules = (hub.room(named: name).map { hub.settings(of: $0) } ?? kept).rules
        try take(posting, index, request, under: rules)
    }

    /// The author as the line shows it. A trusted program may name another one.
    private mutating func speaker(
        _ posted: PostedMessage, _ request: APIRequest
    ) throws(Refusal) -> Author {
        guard let own = request.author, let sub = own.user else {
            throw .closedRoom(request.room)
        }
        guard request.holder?.speaksForOthers == true,
            !posted.speaker.isNobody || posted.username != request.holder?.name
        else { return own }
        let user = posted.speaker.user ?? sub
        guard user == sub || Claims.isSubject(user) else {
            throw Refusal(
                .invalidCommand,
                "The field user must have 1 to \(Claims.subjectBytes) bytes, and not begin "
                    + "with \(Claims.keyPrefix)")
        }
        guard let role = posted.speaker.role.map({ Role($0) }) else { return Author(user: user) }
        guard let role else {
            throw Refusal(
                .invalidCommand,
                "The field role must be one of "
                    + Role.allCases.map(\.name).joined(separator: ", ") + ".")
        }
        return Author(user: user, badge: role.badge)
    }

    /// Throws if the user is banned or timed out, or if its name belongs to another one.
    private mutating func check(
        _ posted: PostedMessage, by author: Author, in name: RoomName, isTrusted: Bool
    ) throws(Refusal) {
        if !hub.bans.isEmpty {
            // As the line will bear it.
            let username = posted.username.map { ChatText.trimmed($0) }
            let visitor = Visitor(
                user: author.user, username: username, origin: .unknown, badge: author.badge)
            if let ban = hub.bans.ban(of: visitor, in: name, at: clock.wall) { throw ban }
            if let timeout = hub.bans.timeout(of: visitor, in: name, at: clock.wall) {
                throw timeout
            }
        }
        guard !isTrusted, identities.names.isOn, let given = posted.username,
            let username = try? ChatText.checkedUsername(given, limits: limits.chat),
            identities.names.refuses(
                username, of: nil, in: hub.room(named: name), sub: author.user)
        else { return }
        throw .usernameTaken
    }

    /// The line of a request is accepted, or was sent before. `rules` are those of its room.
    mutating func take(
        _ posting: Posting, _ index: Int, _ request: APIRequest, under rules: RoomRules
    ) throws(Refusal) {
        let token = connections.token(at: index)
        switch posting {
        case .sentBefore(let line): tell(index, request.key, request.room, of: line)
        case .held(let draft, let rules, let reason) where history.lineChecks.takes(draft):
            try check(draft, under: rules, from: token, because: reason)
        case .draft(let draft) where history.lineChecks.takes(draft):
            try check(draft, under: rules, from: token, because: nil)
        case .held(let draft, let rules, let reason):
            try hold(draft, under: rules, from: token, because: reason)
        case .draft(let draft) where history.isInPlace: number(draft, index)
        case .draft(let draft):
            hub.submitted(draft, ticket: history.commits.nextID, at: clock.now.milliseconds)
            _ = history.commits.append(draft, from: token)
        }
    }

    /// Nothing is stored: the line gets its number now.
    private mutating func number(_ draft: Draft, _ index: Int) {
        let now = clock.now.milliseconds
        let seq: UInt64
        if let room = hub.room(named: draft.room) {
            seq = hub.numbered(draft, in: room, at: now)
            publish(seq, in: room, at: draft.time, draft.username, draft.message, by: draft.author)
        } else {
            seq = numberAlone(draft, index)
        }
        guard let key = draft.key else { preconditionFailure("the line of a request has an id") }
        acknowledgePost(index, key, draft.room, seq, draft.time)
    }

    // MARK: Answers

    /// A line has its number. If it came with the connection's request, that is answered.
    mutating func acknowledgePost(
        _ index: Int, _ key: String, _ room: RoomName, _ seq: UInt64, _ time: Timestamp
    ) {
        let time = clock.text(of: time)
        answerPost(index, key, room, .created) {
            EventWriter.ack(id: key, room: room, seq: seq, time: time, into: &$0)
        }
    }

    /// A line waits. If it came with the connection's request, that is answered.
    mutating func acknowledgePost(_ index: Int, _ key: String, waits line: HeldLine) {
        let room = line.draft.room
        answerPost(index, key, room, .accepted) {
            EventWriter.ack(id: key, room: room, held: line, into: &$0)
        }
    }

    private mutating func answerPost(
        _ index: Int, _ key: String, _ room: RoomName, _ status: HTTPStatus,
        _ write: (inout [UInt8]) -> Void
    ) {
        guard let request = connections.request(index), request.key.hasSameBytes(as: key),
            request.room == room
        else { return }
        var json = Self.emptyContent
        write(&json)
        answer(index, status, json, request.reply, fields: rates(of: request))
    }

    /// What is left of the rate of lines of the asker (draft-ietf-httpapi-ratelimit-headers).
    private mutating func rates(of request: APIRequest) -> [ResponseHead.Field] {
        guard limits.chat.linesPerSecond > 0, case .say = request.call,
            let author = request.author, let user = author.user,
            !author.moderates
        else { return [] }
        let left = hub.linesLeft(to: user, at: clock.now.milliseconds)
        return RateLimit.fields(
            limit: limits.chat.lineBurst, each: limits.chat.linesPerSecond, left: left.lines,
            fullAfter: left.fullAfter)
    }
}
