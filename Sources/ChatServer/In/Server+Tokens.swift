internal import Chat
internal import Identity
internal import Logging
internal import Reactor
internal import WebSocket

/// Tokens. One is verified elsewhere; whatever it is for waits, as a command waits for the store.
extension Server where Net: ~Copyable {
    /// The token of an opening handshake, if it has one.
    // Mutating: otherwise the call, which changes nothing, would get a copy of the server. So are
    // others here.
    mutating func credential(
        _ index: Int, _ head: RequestHead, in bytes: Span<UInt8>
    ) -> Credential? {
        Credential(
            head, in: bytes, cookie: identities.cookie,
            trustsPage: OpeningHandshake.isTrusted(
                head, in: bytes, policy: wire.handshake,
                isSecure: connections[index].socket.isSecured))
    }

    /// An opening handshake waits for the verification of its token. False if too many wait.
    mutating func awaitIdentity(
        _ index: Int, _ head: RequestHead, in bytes: Span<UInt8>, _ token: [UInt8],
        _ way: Credential.Way
    ) -> Bool {
        guard
            let ticket = identities.ask(token, for: connections.token(at: index), at: clock.wall)
        else { return false }
        connections.awaitIdentity(
            index, Verification(ticket: ticket, waiter: .handshake(way)),
            head: (0..<head.length).map { bytes[$0] }, at: clock.coarse)
        return true
    }

    /// The command `auth`.
    mutating func authenticate(
        _ index: Int, _ id: String?, _ token: String
    ) throws(Refusal) {
        allowances.turns.spend(Cost.opening)
        guard identities.areOn else { throw .noTokens }
        guard token.utf8.count <= TokenEnvelope.longest else {
            _ = tokenRefused(.tooLong, .command)
            throw .invalidToken
        }
        guard
            let ticket = identities.ask(
                Array(token.utf8), for: connections.token(at: index), at: clock.wall)
        else { throw .tooManyTokens(retryAfter: Identities.retry) }
        connections.waitForStore(
            index, .verification(Verification(ticket: ticket, waiter: .command(id: id))))
    }

    /// The verifier has woken the server, or there are news about tokens.
    mutating func takeTokenAnswers() {
        let answers = identities.takeAnswers()
        // Answers that came after these news know of them. These answers may not.
        var ended = 0
        for index in identities.takeNews(at: clock.now, wall: clock.wall.milliseconds) {
            guard connections.isServed(index), connections[index].isInChat else { continue }
            counts.identitiesRevoked += 1
            ended += 1
            close(index, .revoked, "Your token was revoked.")
        }
        for order in identities.takeRevoked() { revoked(order, connections: ended) }
        for (token, answer) in answers {
            guard let verification = connections.takeVerification(token, answer.ticket) else {
                continue
            }
            switch verification.waiter {
            case .handshake(let way): finishHandshake(token.index, way, answer.result)
            case .request(let text):
                finishRequest(token.index, answer.result, token: text)
            case .command(let id): finishAuth(token.index, id, answer.result)
            }
            releaseInput(token.index)
        }
    }

    private mutating func finishHandshake(
        _ index: Int, _ way: Credential.Way, _ result: Result<Principal, TokenRefusal>
    ) {
        let bytes = connections.takeHead(index)
        let head = RequestHead.parsedBefore(bytes.span)
        let introduction: Introduction
        switch result {
        case .success(let holder):
            if let refusal = identities.objection(to: holder, at: clock.wall.milliseconds) {
                introduction = tokenRefused(refusal, way)
            } else {
                introduction = .holder(holder, way)
            }
        case .failure(let refusal): introduction = tokenRefused(refusal, way)
        }
        askedForWebSocket(index, head, in: bytes.span, as: introduction)
    }

    private mutating func finishAuth(
        _ index: Int, _ id: String?, _ result: Result<Principal, TokenRefusal>
    ) {
        let refusal: TokenRefusal
        switch result {
        case .failure(let reason): refusal = reason
        case .success(let holder):
            if let objection = identities.objection(to: holder, at: clock.wall.milliseconds) {
                refusal = objection
                break
            }
            guard isRenewal(index, holder) else {
                refusal = .otherSubject
                break
            }
            hold(index, holder)
            for id in hub.memberships(of: MemberID(index: index)) { recognise(index, as: id) }
            let identity = described(holder)
            enqueueEvent(index, lane: .lines) {
                EventWriter.authenticated(id: id, identity, into: &$0)
            }
            rightsChanged(index, holder)
            return leaveBanned(index)
        }
        _ = tokenRefused(refusal, .command)
        refuse(index, Self.answer(to: refusal), id: id)
    }

    /// Whether the holder may take the place of the present one.
    private mutating func isRenewal(_ index: Int, _ holder: Principal) -> Bool {
        guard let sub = identities.sub(index) else { return true }
        return sub.hasSameBytes(as: holder.sub)
    }

    /// Counts and logs the refusal of a token.
    mutating func tokenRefused(_ refusal: TokenRefusal, _ way: Credential.Way) -> Introduction {
        counts.tokensRefused += 1
        log.info(
            "A token was refused",
            metadata: ["reason": "\(refusal.rawValue)", "way": "\(way.rawValue)"])
        return .refused(refusal, way)
    }

    /// What the client is told: no more than that.
    static func answer(to refusal: TokenRefusal) -> Refusal {
        refusal.isExpiry ? .tokenExpired : .invalidToken
    }

    /// URLs are kept in histories and logs, so a token must not be there. The answer makes that
    /// known at the first try.
    mutating func refusesTokenInURL(
        _ index: Int, _ head: RequestHead, in bytes: Span<UInt8>
    ) -> Bool {
        guard let field = Credential.fieldInQuery(head.query, in: bytes) else { return false }
        respond(
            index, .badRequest,
            "A token doesn't belong in a URL (\(field)=): send it with Authorization: Bearer, "
                + "as a subprotocol bearer.TOKEN, or with the command auth.",
            keepsAlive: head.keepsAlive && head.content == .none)
        return true
    }
}
