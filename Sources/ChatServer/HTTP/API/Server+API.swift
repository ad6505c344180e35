internal import Chat
internal import Identity
internal import Reactor
internal import WebSocket

/// Requests of the API, until it is known what they want and who asks.
///
/// A request goes through these steps: its head is checked, its content is collected, its token is
/// verified, and then it is done. What comes behind it on the connection waits.
extension Server where Net: ~Copyable {
    /// The head of a request for the API has arrived.
    mutating func askedForAPI(_ index: Int, _ head: RequestHead, in bytes: Span<UInt8>) {
        do throws(Problem) {
            let (resource, _) = try APIResource.at(head.path, in: bytes)
            if head.method == .options {
                return allowed(index, head, in: bytes, resource.allowedMethods)
            }
            guard let operation = resource.operation(head.method) else {
                throw .notAllowed(resource)
            }
            guard
                !operation.isForOperators
                    || listening.servesOperators(connections.token(at: index))
            else { throw .nothing }
            if case .describe = operation {
                serve(index, head, documents.api, in: bytes)
                return answered(index, head)
            }
            try check(operation, head, in: bytes)
        } catch {
            allowances.turns.spend(Cost.refusal)
            respond(
                index, error, keepsAlive: keepsAlive(index, head), isHead: head.method == .head,
                fields: crossOrigin(index, head, in: bytes))
            return answered(index, head)
        }
        if head.expectsContinue, head.content != .none {
            let response = ResponseHead(.continue, contentLength: nil, keepsAlive: true)
            outbox.enqueueBytes(for: index, lane: .control, in: &connections, at: clock.coarse) {
                response.write(into: &$0)
            }
        }
        let content = ContentDecoder(head.content, limit: wire.head.contentBytes)
        var kept: [UInt8] = []
        kept.append(bytes.extracting(..<head.length))
        connections.keepsContent(index, head: kept, content, at: clock.coarse)
        if content.isComplete { completed(index) }
    }

    /// OPTIONS, which pages of other origins send before a request (Fetch standard, "CORS-preflight
    /// fetch").
    private mutating func allowed(
        _ index: Int, _ head: RequestHead, in bytes: Span<UInt8>, _ methods: String
    ) {
        var fields = [ResponseHead.Field("Allow", methods)]
        let crossOrigin = crossOrigin(index, head, in: bytes)
        if !crossOrigin.isEmpty {
            fields += crossOrigin + CrossOrigin.preflight(methods)
        }
        respond(index, head, .noContent, fields: fields)
        answered(index, head)
    }

    /// The fields that let a page of another origin read an answer. Empty if it may not.
    private mutating func crossOrigin(
        _ index: Int, _ head: RequestHead, in bytes: Span<UInt8>
    ) -> [ResponseHead.Field] {
        guard head.origin != nil else { return [] }
        let isTrusted = trustsPage(index, head, in: bytes)
        guard isTrusted || wire.handshake.origins.isEmpty else { return [CrossOrigin.varies] }
        return CrossOrigin.fields(
            head, in: bytes, sendsCookies: isTrusted && identities.cookie != nil)
    }

    private mutating func trustsPage(
        _ index: Int, _ head: RequestHead, in bytes: Span<UInt8>
    ) -> Bool {
        OpeningHandshake.isTrusted(
            head, in: bytes, policy: wire.handshake,
            isSecure: connections[index].socket.isSecured)
            || addresses.isOwnOrigin(index, head, in: bytes)
    }

    /// Throws if a request can be refused before its content arrives.
    private mutating func check(
        _ operation: APIOperation, _ head: RequestHead, in bytes: Span<UInt8>
    ) throws(Problem) {
        if let field = Credential.fieldInQuery(head.query, in: bytes) {
            throw Problem(
                .badRequest, "malformed",
                "A token doesn't belong in a URL (\(field)=): send it with Authorization: Bearer.")
        }
        guard life == .serving else { throw .stopping }
        guard head.bearerCredentials(in: bytes).count <= 1 else { throw .noToken }
        if operation.access == .users {
            guard takesCredentials else { throw Problem(.noTokens) }
            guard !head.authorization.isEmpty || takesCookie(head) else { throw .noToken }
        }
        if case .streamRooms = operation {
            _ = try StreamRequest(head, in: bytes, of: nil, limit: limits.chat.rooms)
        }
        if operation.takesContent {
            guard head.hasContent(of: "application/json", in: bytes),
                !head.hasContentCoding(in: bytes)
            else { throw .notJSON }
        }
    }

    /// Whether there are tokens or keys.
    @inline(__always)
    private var takesCredentials: Bool { identities.areOn || !identities.programs.keys.isEmpty }

    /// Whether a cookie may hold the token of a request. A browser sends it with requests of any
    /// page, so nothing is changed by it.
    @inline(__always)
    private func takesCookie(_ head: RequestHead) -> Bool {
        identities.cookie != nil && (head.method == .get || head.method == .head)
    }

    /// All of a request has arrived. Its token is verified, if that wasn't done lately.
    mutating func completed(_ index: Int) {
        guard let rare = connections[index].rare else { preconditionFailure("a request is kept") }
        let head = RequestHead.parsedBefore(rare.head.span)
        allowances.turns.spend(
            Cost.line + max(rare.body.count - Cost.textBytes, 0) / Cost.textBytes)
        let places = head.bearerCredentials(in: rare.head.span)
        var credential = places.first.map { place in place.map { rare.head[$0] } }
        if credential == nil, takesCookie(head), let cookie = identities.cookie {
            let isOwn = head.isOfOwnPage(in: rare.head.span)
            let isTrusted = trustsPage(index, head, in: rare.head.span)
            if isOwn || isTrusted {
                let found = head.cookies(named: cookie, in: rare.head.span)
                if found.count == 1 { credential = found[0].map { rare.head[$0] } }
            }
        }
        guard let credential, takesCredentials else { return perform(index, nil, head) }
        if let holder = identities.programs.holder(of: credential) {
            guard !holder.isKey,
                let refusal = identities.objection(to: holder, at: clock.wall.milliseconds)
            else { return perform(index, holder, head) }
            return finishRequest(index, .failure(refusal))
        }
        guard identities.areOn else { return finishRequest(index, .failure(.noKeys)) }
        allowances.turns.spend(Cost.opening)
        guard
            let ticket = identities.ask(
                credential, for: connections.token(at: index), at: clock.wall)
        else { return fail(index, Problem(.tooManyTokens(retryAfter: Identities.retry))) }
        connections.awaitAnswer(
            index,
            .verification(Verification(ticket: ticket, waiter: .request(token: credential))))
    }

    /// The token of a request was verified, and hasn't ended in the meantime.
    mutating func finishRequest(
        _ index: Int, _ result: Result<Principal, TokenRefusal>, token: [UInt8] = []
    ) {
        let refusal: TokenRefusal
        switch result {
        case .failure(let reason): refusal = reason
        case .success(let holder):
            guard let objection = identities.objection(to: holder, at: clock.wall.milliseconds)
            else {
                identities.programs.verified.verified(token, holder)
                return perform(index, holder)
            }
            refusal = objection
        }
        _ = tokenRefused(refusal, .header)
        fail(index, Problem(Self.answer(to: refusal)))
    }

    /// A request that was read to its end fails before it is known what it wants.
    private mutating func fail(_ index: Int, _ problem: Problem) {
        let (bytes, _) = connections.takeRequest(index)
        answer(index, problem, reply(index, .parsedBefore(bytes.span), in: bytes.span))
    }

    private mutating func reply(
        _ index: Int, _ head: RequestHead, in bytes: Span<UInt8>
    ) -> APIReply {
        APIReply(head, in: bytes, crossOrigin: crossOrigin(index, head, in: bytes))
    }

    /// It is known who asks. Nil is a guest.
    private mutating func perform(
        _ index: Int, _ holder: Principal?, _ known: RequestHead? = nil
    ) {
        let (bytes, content) = connections.takeRequest(index)
        let head = known ?? RequestHead.parsedBefore(bytes.span)
        let reply = reply(index, head, in: bytes.span)
        do throws(Problem) {
            let (resource, target) = try APIResource.at(head.path, in: bytes.span)
            guard let operation = resource.operation(head.method) else {
                preconditionFailure("the request was checked")
            }
            guard target.room != .everywhere || operation.mayBeEverywhere else {
                throw Problem(.notFound, Refusal.invalidRoom.code.rawValue, RoomName.rule)
            }
            if holder == nil {
                guard operation.access == .readers, identities.demand != .required else {
                    throw .noToken
                }
                // So that a ban of its address meets it.
                addresses.openedChat(index, head, in: bytes.span)
            }
            if operation == .streamRoom || operation == .streamRooms {
                return openStream(
                    index, head, in: bytes.span,
                    of: operation == .streamRoom ? target.room : nil, as: holder, reply)
            }
            let call = try APICall(
                operation, target, head, in: bytes.span, content: content, by: holder)
            let key =
                try IdempotencyKey.key(of: head, in: bytes.span) ?? IdempotencyKey.fresh()
            let request = APIRequest(
                call: call, room: target.room, holder: holder, key: key, reply: reply)
            guard
                !operation.concernsRoom || request.room == .everywhere
                    || request.author(in: request.room) != nil
            else { throw Problem(.closedRoom(request.room)) }
            connections.awaitAnswer(index, .request(request))
            perform(index, request)
            if request.isFreeLine || limits.chat.linesPerSecond == 0 && operation == .sayLine {
                allowances.turns.waive()
            }
        } catch {
            answer(index, error, reply)
        }
    }
}
