internal import Chat
internal import Identity
internal import Reactor
internal import WebSocket

/// The API: requests with content, by holders of tokens.
///
/// A request goes through these steps: its head is checked, its content is collected, its token is
/// verified, its room is looked up if nobody is in it, and its line is stored. What comes behind it
/// on the connection waits.
extension Server where Net: ~Copyable {
    /// The head of a request for the API has arrived.
    mutating func askedForAPI(_ index: Int, _ head: RequestHead, in bytes: Span<UInt8>) {
        do throws(Problem) {
            guard head.method != .unknown else { throw .noMethod }
            let route = try APIRoute(head.path, in: bytes)
            if head.method == .options {
                respond(
                    index, head, .noContent,
                    fields: [ResponseHead.Field("Allow", route.allowedMethods)])
                return answered(index, head)
            }
            if case .events(let room) = route {
                return askedForEvents(index, head, in: bytes, of: room)
            }
            guard head.method == .post else { throw .notAllowed(route) }
            try checkPost(head, in: bytes)
        } catch {
            allowances.turns.spend(Cost.refusal)
            respond(
                index, error, keepsAlive: keepsAlive(index, head), isHead: head.method == .head)
            return answered(index, head)
        }
        if head.expectsContinue, head.content != .none {
            let response = ResponseHead(.continue, contentLength: nil, keepsAlive: true)
            outbox.enqueueBytes(for: index, lane: .control, in: &connections, at: clock.coarse) {
                response.write(into: &$0)
            }
        }
        let content = ContentDecoder(head.content, limit: wire.head.contentBytes)
        connections.keepsContent(
            index, head: (0..<head.length).map { bytes[$0] }, content, at: clock.coarse)
        if content.isComplete { completed(index) }
    }

    /// Throws if a request for a new line can be refused before its content arrives.
    private mutating func checkPost(
        _ head: RequestHead, in bytes: Span<UInt8>
    ) throws(Problem) {
        if let field = Credential.fieldInQuery(head.query, in: bytes) {
            throw Problem(
                .badRequest, "malformed",
                "A token doesn't belong in a URL (\(field)=): send it with Authorization: Bearer.")
        }
        guard life == .serving else { throw .stopping }
        guard identities.areOn else { throw Problem(.noTokens) }
        guard head.bearerCredentials(in: bytes).count == 1 else { throw .noToken }
        guard head.hasContent(of: "application/json", in: bytes),
            !head.hasContentCoding(in: bytes)
        else { throw .notJSON }
        _ = try IdempotencyKey.key(of: head, in: bytes)
    }

    /// All of a request has arrived. Its token is verified.
    mutating func completed(_ index: Int) {
        guard let rare = connections[index].rare else { preconditionFailure("a request is kept") }
        let head = RequestHead.parsedBefore(rare.head.span)
        allowances.turns.spend(
            Cost.opening + Cost.line + max(rare.body.count - Cost.textBytes, 0) / Cost.textBytes)
        let token = head.bearerCredentials(in: rare.head.span)[0].map { rare.head[$0] }
        guard
            let ticket = identities.ask(
                token, for: connections.token(at: index), at: clock.wall)
        else {
            return answer(
                index, Problem(.tooManyTokens(retryAfter: Identities.retry)),
                isLast: !head.keepsAlive)
        }
        connections.awaitAnswer(
            index, .verification(Verification(ticket: ticket, waiter: .request)))
    }

    /// The token of a request was verified.
    mutating func finishRequest(_ index: Int, _ result: Result<Principal, TokenRefusal>) {
        let (bytes, body) = connections.takeRequest(index)
        let head = RequestHead.parsedBefore(bytes.span)
        do throws(Problem) {
            let holder = try holder(result)
            let room: RoomName
            switch try APIRoute(head.path, in: bytes.span) {
            case .messages(let name): room = name
            case .events(let room):
                return openStream(index, head, in: bytes.span, of: room, as: holder)
            }
            guard let role = holder.rights.role(in: room) else {
                throw Problem(.closedRoom(room))
            }
            guard String(validating: body, as: UTF8.self) != nil else { throw .notUTF8 }
            let content = try Self.content(body, of: holder)
            let key = try IdempotencyKey.key(of: head, in: bytes.span) ?? IdempotencyKey.fresh()
            let post = Post(
                room: room, content: content, key: key,
                author: Author(user: holder.sub, badge: role.badge), isLast: !head.keepsAlive)
            connections.awaitAnswer(index, .post(post))
            counts.linesReceived += 1
            say(index, post)
        } catch {
            answer(index, error, isLast: !head.keepsAlive)
        }
    }

    private mutating func holder(
        _ result: Result<Principal, TokenRefusal>
    ) throws(Problem) -> Principal {
        let refusal: TokenRefusal
        switch result {
        case .failure(let reason): refusal = reason
        case .success(let holder):
            guard let objection = identities.objection(to: holder, at: clock.wall.milliseconds)
            else { return holder }
            refusal = objection
        }
        _ = tokenRefused(refusal, .header)
        throw Problem(Self.answer(to: refusal))
    }

    private static func content(
        _ body: [UInt8], of holder: Principal
    ) throws(Problem) -> PostedMessage {
        do throws(Refusal) {
            return try PostedMessage.parse(body.span).said(as: holder.name)
        } catch {
            throw Problem(error)
        }
    }

    /// A request that was read to its end fails.
    mutating func answer(_ index: Int, _ problem: Problem, isLast: Bool) {
        _ = connections.takeRequest(index)
        connections.stopWaiting(index)
        let isKept = keepsAlive(index, isWanted: !isLast)
        respond(index, problem, keepsAlive: isKept)
        answered(index, keepsAlive: isKept)
    }

    mutating func answered(_ index: Int, keepsAlive: Bool) {
        guard keepsAlive else { return lastWords(index) }
        connections.becameIdle(index, at: clock.coarse)
        releaseInput(index)
    }
}
