internal import Chat
internal import Identity
internal import Reactor
internal import WebSocket

/// Requests of the API that are understood, and their answers.
extension Server where Net: ~Copyable {
    /// Does what a request wants. `snapshot` is the state of its room, if that had to be looked up.
    mutating func perform(
        _ index: Int, _ request: APIRequest, snapshot: RoomSnapshot? = nil
    ) {
        guard life == .serving else { return answer(index, .stopping, request.reply) }
        do throws(Refusal) {
            switch request.call {
            case .say(let posted):
                if try awaitsRoom(index, request, snapshot) { return }
                try say(index, posted, request, settings: snapshot?.settings)
            case .announce(let message): try announce(index, message, request)
            case .moderate(let wanted):
                try moderate(
                    index, request.key, request.room, wanted, by: try moderator(request))
            case .report(let query):
                try report(index, request.key, request.room, query, by: try moderator(request))
            case .history(let range):
                try checkBan(index, request)
                if try awaitsRoom(index, request, snapshot) { return }
                tellHistory(index, range, request, snapshot: snapshot)
            case .members:
                try checkBan(index, request)
                // Other servers may have members of a room that has none here.
                if history.isShared, try awaitsRoom(index, request, snapshot) { return }
                tellMembers(index, request, snapshot)
            case .room:
                try checkBan(index, request)
                if try awaitsRoom(index, request, snapshot) { return }
                tellRoom(index, request, snapshot: snapshot)
            case .rooms(let after, let limit):
                tellRooms(index, after: after, limit: limit, request)
            case .oversee(let wanted): try oversee(index, wanted, request)
            }
        } catch {
            refuse(index, error, id: request.key)
        }
    }

    /// Whether the request waits for the state of its room, because nobody is in it.
    private mutating func awaitsRoom(
        _ index: Int, _ request: APIRequest, _ snapshot: RoomSnapshot?
    ) throws(Refusal) -> Bool {
        guard !history.isInPlace, snapshot == nil else { return false }
        let room = hub.room(named: request.room)
        guard room.map({ hub.isOpen($0) }) != true else { return false }
        allowances.turns.spend(Cost.opening)
        history.awaitOpening(of: request.room, connections.token(at: index))
        return true
    }

    /// The state of the room that a request has waited for is known. Nil if it isn't available.
    mutating func finishOpening(_ token: Token, _ snapshot: RoomSnapshot?) {
        guard connections.contains(token), let request = connections.request(token.index) else {
            return
        }
        if let snapshot {
            perform(token.index, request, snapshot: snapshot)
        } else {
            refuse(token.index, Self.storeUnavailable, id: request.key)
        }
    }

    /// The author of the changes that a request wants.
    private mutating func moderator(_ request: APIRequest) throws(Refusal) -> Author {
        guard request.room == .everywhere else {
            return request.author ?? .guest
        }
        guard let holder = request.holder, holder.role == .owner else { throw .notOwner }
        return Author(user: holder.sub, badge: .owner)
    }

    private mutating func checkBan(_ index: Int, _ request: APIRequest) throws(Refusal) {
        guard let author = request.author else { return }
        try checkBan(index, request.holder, as: author, in: request.room)
    }

    /// Throws if somebody who asks is banned from a room, where its lines would show this author.
    mutating func checkBan(
        _ index: Int, _ holder: Principal?, as author: Author, in room: RoomName
    ) throws(Refusal) {
        guard !hub.bans.isEmpty else { return }
        let visitor = Visitor(
            user: author.user, username: holder?.name,
            origin: addresses.origins.origin(connections.token(at: index)), badge: author.badge)
        if let ban = hub.bans.ban(of: visitor, in: room, at: clock.wall) { throw ban }
    }

    private mutating func announce(
        _ index: Int, _ message: String, _ request: APIRequest
    ) throws(Refusal) {
        allowances.turns.spend(Cost.line)
        guard try moderator(request).moderates else { throw .notModerator }
        let posting = try hub.announced(
            message, in: request.room, key: request.key, unless: storeObjection, time: clock.wall)
        try take(posting, index, request, under: RoomRules())
    }

    /// What an operator asks for. The server's owners may.
    private mutating func oversee(
        _ index: Int, _ wanted: Oversight, _ request: APIRequest
    ) throws(Refusal) {
        guard let holder = request.holder, let reach = Reach(holder.rights), reach.isEverything
        else { throw .notOwner }
        switch wanted {
        case .figures(let after):
            answer(index, .ok, figures(id: nil, after: after, for: reach), request.reply)
        case .inspect(let subject):
            answer(
                index, .ok, try inspection(of: subject, id: nil, for: reach), request.reply)
        case .disconnect(let subject, let reason):
            let count = try disconnect(subject, reason, by: holder.sub)
            answerRequest(index) {
                EventWriter.disconnected(id: nil, subject, connections: count, into: &$0)
            }
        case .revoke(let tokens):
            try revoke(
                tokens, by: holder.sub, for: connections.token(at: index), id: request.key)
        }
    }

    // MARK: Lists

    private mutating func tellMembers(_ index: Int, _ request: APIRequest, _ state: RoomSnapshot?) {
        var members = hub.room(named: request.room).map { listed($0) } ?? []
        if members.isEmpty {
            allowances.turns.spend(Cost.members)
            members = EventWriter.listed(MemberList(state?.elsewhere ?? .nobody))
        }
        var json: [UInt8] = []
        EventWriter.members(id: nil, room: request.room, members, into: &json)
        answer(index, .ok, json, request.reply)
    }

    /// The part of the answer to `members` that is the same for all.
    mutating func listed(_ room: RoomID) -> [UInt8] {
        let version = hub.listVersion(of: room)
        allowances.turns.spend(
            streams.memberAnswers.has(room, version: version)
                ? Cost.members : Cost.members(anew: hub.totalCount(of: room)))
        let listed = streams.memberAnswers.answer(for: room, version: version) {
            EventWriter.listed(hub.memberList(of: room))
        }
        allowances.turns.spend(listed.count / Cost.answerBytes)
        return listed
    }

    private mutating func tellRoom(
        _ index: Int, _ request: APIRequest, snapshot: RoomSnapshot?
    ) {
        let name = request.room
        let room = hub.room(named: name)
        let found = room.map { hub.room($0) }
        let settings =
            room.map { hub.settings(of: $0) } ?? snapshot?.settings ?? hub.keptSettings(of: name)
        let state = EventWriter.RoomState(
            epoch: found?.epoch ?? snapshot?.epoch,
            seq: found?.lastSeq ?? snapshot?.lastSeq ?? 0,
            rev: found?.lastRev ?? snapshot?.lastRev ?? 0,
            members: room.map { hub.totalCount(of: $0) } ?? snapshot?.elsewhere.count ?? 0,
            settings: settings)
        var json: [UInt8] = []
        EventWriter.state(of: name, state, into: &json)
        answer(index, .ok, json, request.reply)
    }

    private mutating func tellRooms(
        _ index: Int, after: String, limit: Int, _ request: APIRequest
    ) {
        let rights = request.holder?.rights
        allowances.turns.spend(Cost.members(anew: hub.roomNames.count) + hub.roomNames.count / 64)
        var page = RoomNamePage(after: after, limit: limit)
        for name in hub.roomNames where rights?.role(in: name) != nil { page.add(name) }
        var rooms: [(RoomName, Int)] = []
        for name in page.names {
            rooms.append((name, hub.room(named: name).map { hub.totalCount(of: $0) } ?? 0))
        }
        var json: [UInt8] = []
        EventWriter.rooms(rooms, more: page.hasMore, into: &json)
        answer(index, .ok, json, request.reply)
    }

    // MARK: Answers

    /// Room for the content of most answers.
    static var emptyContent: [UInt8] {
        var content: [UInt8] = []
        content.reserveCapacity(256)
        return content
    }

    /// Answers the request of a connection, if one waits.
    mutating func answerRequest(
        _ index: Int, _ status: HTTPStatus = .ok, _ write: (inout [UInt8]) -> Void
    ) {
        guard let request = connections.request(index) else { return }
        var json = Self.emptyContent
        write(&json)
        answer(index, status, json, request.reply)
    }

    /// Answers a request with JSON, and goes on with what comes behind it.
    mutating func answer(
        _ index: Int, _ status: HTTPStatus, _ json: [UInt8], _ reply: APIReply,
        contentType: String = "application/json", fields: [ResponseHead.Field] = []
    ) {
        var fields = fields.isEmpty ? reply.crossOrigin : reply.crossOrigin + fields
        connections.stopWaiting(index)
        let isKept = keepsAlive(index, isWanted: !reply.isLast)
        defer { answered(index, keepsAlive: isKept) }
        if reply.isGet {
            let tag = reply.tag(of: json)
            fields += [ResponseHead.Field("ETag", tag.text), Caching.checked]
            if reply.knows(tag) {
                return respond(index, .notModified, keepsAlive: isKept, fields: fields)
            }
        }
        respond(
            index, status, json: json, contentType: contentType, keepsAlive: isKept,
            isHead: reply.isHead, fields: fields)
    }

    /// A request that was read to its end fails.
    mutating func answer(_ index: Int, _ problem: Problem, _ reply: APIReply) {
        connections.stopWaiting(index)
        let isKept = keepsAlive(index, isWanted: !reply.isLast)
        respond(
            index, problem, keepsAlive: isKept, isHead: reply.isHead, fields: reply.crossOrigin)
        answered(index, keepsAlive: isKept)
    }

    /// A command was refused. If it came with the connection's request, that is answered.
    mutating func refusedRequest(_ index: Int, _ refusal: Refusal) {
        guard let request = connections.request(index) else { return }
        answer(index, Problem(refusal), request.reply)
    }

    mutating func answered(_ index: Int, keepsAlive: Bool) {
        guard keepsAlive else { return lastWords(index) }
        connections.becameIdle(index, at: clock.coarse)
        releaseInput(index)
    }
}
