internal import Chat
internal import Identity
internal import Reactor
internal import WebSocket

/// Lines of requests.
extension Server where Net: ~Copyable {
    /// Says the line of a request. `settings` are those of its room, if they had to be looked up.
    mutating func say(_ index: Int, _ post: Post, settings: RoomSettings? = nil) {
        guard life == .serving else { return answer(index, .stopping, isLast: true) }
        let token = connections.token(at: index)
        let room = hub.room(named: post.room)
        if !history.isInPlace, settings == nil, room.map({ hub.isOpen($0) }) != true {
            return history.awaitOpening(of: post.room, token)
        }
        do throws(Refusal) {
            try checkStore()
            try check(post, in: room)
            let kept = settings ?? hub.keptSettings(of: post.room)
            let posting = try hub.posted(
                post.content, in: post.room, key: post.key, by: MemberID(index: index),
                post.author, settings: kept,
                at: clock.now.milliseconds, time: clock.wall)
            switch posting {
            case .sentBefore(let line): tell(index, post.key, post.room, of: line)
            case .held(let draft, let rules, let reason) where history.lineChecks.takes(draft):
                try check(draft, under: rules, from: token, because: reason)
            case .draft(let draft) where history.lineChecks.takes(draft):
                let rules = (room.map { hub.settings(of: $0) } ?? kept).rules
                try check(draft, under: rules, from: token, because: nil)
            case .held(let draft, let rules, let reason):
                try hold(draft, under: rules, from: token, because: reason)
            case .draft(let draft) where history.isInPlace: number(draft, in: room, index)
            case .draft(let draft):
                hub.submitted(draft, ticket: history.commits.nextID, at: clock.now.milliseconds)
                _ = history.commits.append(draft, from: token)
            }
        } catch {
            refuse(index, error, id: post.key)
        }
    }

    /// Throws if the user is banned or timed out, or if its name belongs to another one.
    private mutating func check(_ post: Post, in room: RoomID?) throws(Refusal) {
        if !hub.bans.isEmpty {
            // As the line will bear it.
            let name = post.content.username.map { ChatText.trimmed($0) }
            let visitor = Visitor(
                user: post.author.user, username: name, origin: .unknown,
                badge: post.author.badge)
            if let ban = hub.bans.ban(of: visitor, in: post.room, at: clock.wall) { throw ban }
            if let timeout = hub.bans.timeout(of: visitor, in: post.room, at: clock.wall) {
                throw timeout
            }
        }
        guard identities.names.isOn, let given = post.content.username,
            let name = try? ChatText.checkedUsername(given, limits: limits.chat)
        else { return }
        guard identities.names.refuses(name, of: nil, in: room, sub: post.author.user) else {
            return
        }
        throw .usernameTaken
    }

    /// Nothing is stored: the line gets its number now.
    private mutating func number(_ draft: Draft, in room: RoomID?, _ index: Int) {
        let now = clock.now.milliseconds
        let seq: UInt64
        if let room {
            seq = hub.numbered(draft, in: room, at: now)
            publish(seq, in: room, at: draft.time, draft.username, draft.message, by: draft.author)
        } else {
            seq = numberAlone(draft, index)
        }
        guard let key = draft.key else { preconditionFailure("the line of a request has an id") }
        answerPost(index, key, draft.room, seq, draft.time)
    }

    /// Nothing is stored, and nobody is in the room of a request's line.
    mutating func numberAlone(_ draft: Draft, _ index: Int) -> UInt64 {
        let seq = hub.numberedAlone(
            draft, by: MemberID(index: index), at: clock.now.milliseconds)
        if let observer = supervision.observer, observer.takesLines {
            observer.said(
                Line(
                    seq: seq, time: draft.time, username: draft.username,
                    message: draft.message, by: draft.author), in: draft.room)
        }
        return seq
    }

    /// The state of the room that a request has waited for is known. Nil if it isn't available.
    mutating func finishPost(_ token: Token, _ snapshot: RoomSnapshot?) {
        guard connections.contains(token), let post = connections.post(token.index) else { return }
        if let snapshot {
            say(token.index, post, settings: snapshot.settings)
        } else {
            refuse(token.index, Self.storeUnavailable, id: post.key)
        }
    }

    // MARK: Answers

    /// A line has its number. If it came with the connection's request, that is answered.
    mutating func answerPost(
        _ index: Int, _ key: String, _ room: RoomName, _ seq: UInt64, _ time: Timestamp
    ) {
        let time = clock.text(of: time)
        answerPost(index, key, room, .created) {
            EventWriter.ack(id: key, room: room, seq: seq, time: time, into: &$0)
        }
    }

    /// A line waits. If it came with the connection's request, that is answered.
    mutating func answerPost(_ index: Int, _ key: String, waits line: HeldLine) {
        let room = line.draft.room
        answerPost(index, key, room, .accepted) {
            EventWriter.ack(id: key, room: room, held: line, into: &$0)
        }
    }

    private mutating func answerPost(
        _ index: Int, _ key: String, _ room: RoomName, _ status: HTTPStatus,
        _ write: (inout [UInt8]) -> Void
    ) {
        guard let post = connections.post(index), post.key.hasSameBytes(as: key), post.room == room
        else { return }
        var json: [UInt8] = []
        write(&json)
        connections.stopWaiting(index)
        let isKept = keepsAlive(index, isWanted: !post.isLast)
        respond(index, status, json: json, keepsAlive: isKept)
        answered(index, keepsAlive: isKept)
    }

    /// A line was refused. If it came with the connection's request, that is answered.
    mutating func refusedPost(_ index: Int, _ refusal: Refusal) {
        guard let post = connections.post(index) else { return }
        answer(index, Problem(refusal), isLast: post.isLast)
    }
}
