internal import Chat
internal import Identity
internal import Reactor
internal import WebSocket

/// Requests of the API, until it is known what they want and who asks.
///
/// A request goes through these steps: its head is checked, its content is collected, its token is
/// verified, and then it is done. What comes behind it on the connection waits. Only what has to
/// wait is kept: most content comes with its head, and most tokens are known.
extension Server where Net: ~Copyable {
    /// The head of a request for the API has arrived. `offset` is behind it, and moves behind
    /// content that is taken with it.
    mutating func askedForAPI(
        _ index: Int, _ head: RequestHead, in bytes: Span<UInt8>, _ offset: inout Int
    ) {
        let (operation, target): (APIOperation, APIResource.Target)
        do throws(Problem) {
            let resource: APIResource
            (resource, target) = try APIResource.at(head.path, in: bytes)
            if head.method == .options {
                return allowed(index, head, in: bytes, resource.allowedMethods)
            }
            guard let wanted = resource.operation(head.method) else {
                throw .notAllowed(resource)
            }
            operation = wanted
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
        guard let content = head.wholeContent(in: bytes) else {
            return connections.keepsContent(
                index, head, in: bytes,
                ContentDecoder(head.content, limit: wire.head.contentBytes), at: clock.coarse)
        }
        offset += content.count
        allowances.turns.spend(content.count / Cost.frameBytes)
        identify(
            index, operation, target, head, in: bytes, content: bytes.extracting(content))
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

    /// The rest of the content of a request has arrived.
    mutating func completed(_ index: Int) {
        let (head, bytes, content) = connections.takeRequest(index)
        let (operation, target) = asked(head, in: bytes.span)
        identify(index, operation, target, head, in: bytes.span, content: content.span)
    }

    /// What a request asks for whose head was checked before.
    @inline(__always)
    private func asked(
        _ head: RequestHead, in bytes: Span<UInt8>
    ) -> (APIOperation, APIResource.Target) {
        guard let (resource, target) = try? APIResource.at(head.path, in: bytes),
            let operation = resource.operation(head.method)
        else { preconditionFailure("the request was checked") }
        return (operation, target)
    }

    /// All of a request has arrived. Its token is verified, if that wasn't done lately.
    private mutating func identify(
        _ index: Int, _ operation: APIOperation, _ target: APIResource.Target,
        _ head: RequestHead, in bytes: Span<UInt8>, content: Span<UInt8>
    ) {
        allowances.turns.spend(
            Cost.line + max(content.count - Cost.textBytes, 0) / Cost.textBytes)
        guard takesCredentials, let place = credentialPlace(index, head, in: bytes) else {
            return perform(index, operation, target, head, in: bytes, content: content, by: nil)
        }
        let credential = bytes.extracting(place)
        if let holder = identities.programs.holder(of: credential) {
            if !holder.isKey,
                let refusal = identities.objection(to: holder, at: clock.wall.milliseconds)
            {
                return refuse(index, refusal, head, in: bytes)
            }
            return perform(
                index, operation, target, head, in: bytes, content: content, by: holder)
        }
        guard identities.areOn else { return refuse(index, .noKeys, head, in: bytes) }
        allowances.turns.spend(Cost.opening)
        var token: [UInt8] = []
        token.append(credential)
        guard
            let ticket = identities.ask(
                token, for: connections.token(at: index), at: clock.wall)
        else {
            return answer(
                index, Problem(.tooManyTokens(retryAfter: Identities.retry)),
                reply(index, head, in: bytes))
        }
        connections.keepsRequest(
            index, head, in: bytes, content: content,
            Verification(ticket: ticket, waiter: .request(token: token)))
    }

    /// The place of the token or the key of a request. Nil if it has none.
    private mutating func credentialPlace(
        _ index: Int, _ head: RequestHead, in bytes: Span<UInt8>
    ) -> Range<Int>? {
        if let place = head.bearerCredentials(in: bytes).first { return place }
        guard takesCookie(head), let cookie = identities.cookie else { return nil }
        guard head.isOfOwnPage(in: bytes) || trustsPage(index, head, in: bytes) else { return nil }
        let found = head.cookies(named: cookie, in: bytes)
        return found.count == 1 ? found[0] : nil
    }

    /// The token of a request was verified, and hasn't ended in the meantime.
    mutating func finishRequest(
        _ index: Int, _ result: Result<Principal, TokenRefusal>, token: [UInt8]
    ) {
        let (head, bytes, content) = connections.takeRequest(index)
        switch result {
        case .failure(let refusal): refuse(index, refusal, head, in: bytes.span)
        case .success(let holder):
            if let refusal = identities.objection(to: holder, at: clock.wall.milliseconds) {
                return refuse(index, refusal, head, in: bytes.span)
            }
            identities.programs.verified.verified(token, holder)
            let (operation, target) = asked(head, in: bytes.span)
            perform(
                index, operation, target, head, in: bytes.span, content: content.span, by: holder)
        }
    }

    /// The token of a request isn't good.
    private mutating func refuse(
        _ index: Int, _ refusal: TokenRefusal, _ head: RequestHead, in bytes: Span<UInt8>
    ) {
        _ = tokenRefused(refusal, .header)
        answer(index, Problem(Self.answer(to: refusal)), reply(index, head, in: bytes))
    }

    private mutating func reply(
        _ index: Int, _ head: RequestHead, in bytes: Span<UInt8>
    ) -> APIReply {
        APIReply(head, in: bytes, crossOrigin: crossOrigin(index, head, in: bytes))
    }

    /// It is known who asks. Nil is a guest.
    private mutating func perform(
        _ index: Int, _ operation: APIOperation, _ target: APIResource.Target,
        _ head: RequestHead, in bytes: Span<UInt8>, content: Span<UInt8>, by holder: Principal?
    ) {
        let reply = reply(index, head, in: bytes)
        do throws(Problem) {
            guard operation.mayBeEverywhere || target.room != .everywhere else {
                throw Problem(.notFound, Refusal.invalidRoom.code.rawValue, RoomName.rule)
            }
            if holder == nil {
                guard operation.access == .readers, identities.demand != .required else {
                    throw .noToken
                }
                // So that a ban of its address meets it.
                addresses.openedChat(index, head, in: bytes)
            }
            if operation == .streamRoom || operation == .streamRooms {
                return openStream(
                    index, head, in: bytes, of: operation == .streamRoom ? target.room : nil,
                    as: holder, reply)
            }
            let request = APIRequest(
                try APICall(operation, target, head, in: bytes, content: content, by: holder),
                in: target.room, by: holder,
                key: try IdempotencyKey.key(of: head, in: bytes)
                    ?? (operation.isChange ? IdempotencyKey.fresh() : ""), reply)
            guard
                !operation.concernsRoom || request.room == .everywhere || request.author != nil
            else { throw Problem(.closedRoom(request.room)) }
            connections.performs(index, request)
            perform(index, request)
            connections.performed(index)
            if request.isFreeLine || limits.chat.linesPerSecond == 0 && operation == .sayLine {
                allowances.turns.waive()
            }
        } catch {
            answer(index, error, reply)
        }
    }
}
