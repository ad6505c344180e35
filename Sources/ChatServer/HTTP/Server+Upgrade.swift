internal import Chat
internal import Identity
internal import Reactor
internal import WebSocket

extension Server where Net: ~Copyable {
    /// A request for `/ws`. It becomes a WebSocket in a room, or gets a refusal. If it has a token,
    /// it waits for the verification, and is asked again with the result.
    mutating func askedForWebSocket(
        _ index: Int, _ head: RequestHead, in bytes: Span<UInt8>, as known: Introduction? = nil
    ) {
        allowances.turns.spend(Cost.handshake)
        do throws(HandshakeRefusal) {
            let acceptance = try negotiate(index, head, in: bytes)
            guard let room = roomName(head.query, in: bytes) else {
                return refuseHandshake(
                    index, head, .invalidRoom, .badRequest,
                    Refusal.invalidRoom.reason)
            }
            guard life == .serving else {
                return refuseHandshake(
                    index, head, .overloaded, .serviceUnavailable, "The server is stopping.",
                    fields: [WireRules.retryAfter])
            }
            if known == nil,
                let reason = addresses.asked(index, head, in: bytes, at: clock.now)
            {
                return refuseHandshake(
                    index, head, .overloaded, .serviceUnavailable, reason,
                    fields: [WireRules.retryAfter])
            }
            guard let introduction = known ?? introduction(index, head, in: bytes) else { return }
            if case .refused(let refusal, .header) = introduction {
                return refuseHandshake(
                    index, head, .unauthorized, .unauthorized, Self.answer(to: refusal).reason,
                    fields: [WireRules.invalidToken])
            }
            open(index, head, in: bytes, acceptance, in: room, as: introduction)
        } catch {
            refuseHandshake(index, head, error, in: bytes)
        }
    }

    /// Who asks, if it needs no verification. Otherwise nil: the request waits, or is refused.
    @inline(__always)
    private mutating func introduction(
        _ index: Int, _ head: RequestHead, in bytes: Span<UInt8>
    ) -> Introduction? {
        guard identities.areOn, let credential = credential(index, head, in: bytes) else {
            return .guest
        }
        guard let token = credential.token else {
            return tokenRefused(.tooManyTokens, credential.way)
        }
        guard awaitIdentity(index, head, in: bytes, token, credential.way) else {
            refuseHandshake(
                index, head, .overloaded, .serviceUnavailable, "Too many tokens wait.",
                fields: [WireRules.retryAfter])
            return nil
        }
        return nil
    }

    /// The request becomes a WebSocket. A client that may not chat is told so by a Close, because a
    /// page can't read the answer to an opening handshake.
    private mutating func open(
        _ index: Int, _ head: RequestHead, in bytes: Span<UInt8>,
        _ acceptance: HandshakeAcceptance, in room: RoomName, as introduction: Introduction
    ) {
        counts.count(.accepted)
        let response = acceptance.write(policy: wire.handshake, into: &outbox.pool) {
            $0.make($1)
        }
        let dialect: Dialect = acceptance.subprotocol == nil ? .plain : .rich
        if connectionLog.isDebug {
            connectionLog.openedChat(
                index, dialect, for: addresses.client(index, head, in: bytes))
        }
        switch dialect {
        // Nothing else is sent to it now.
        case .plain: sendControl(index, response)
        case .rich: enqueue(index, response, lane: .control)
        }
        outbox.pool.release(response)
        var webSocket = Connection.ChatState(
            dialect: dialect, encoding: acceptance.deflate == nil ? .plain : .deflated)
        if let agreed = acceptance.deflate {
            webSocket.contextBits = connections.contexts.windowBits(for: agreed)
        }
        connections.upgraded(index, to: webSocket)
        addresses.openedChat(index, head, in: bytes)
        if identities.areOn, !introduced(index, introduction, dialect, in: room) { return }
        switch dialect {
        case .plain:
            if let ban = ban(of: index, in: room, as: nil) {
                return close(index, .banned, ban.reason)
            }
            enterRoom(index, room)
        // The welcome comes before anything else.
        case .rich where connections[index].flags.contains(.identified): welcome(index)
        case .rich: enqueue(index, outbox.standing.welcome, lane: .control)
        }
    }

    /// If a trusted proxy names the host that was asked for, pages of that host are our own, too.
    @inline(__always)
    private func negotiate(
        _ index: Int, _ head: RequestHead, in bytes: Span<UInt8>
    ) throws(HandshakeRefusal) -> HandshakeAcceptance {
        do throws(HandshakeRefusal) {
            return try OpeningHandshake.negotiate(
                head, in: bytes, policy: wire.handshake, contextBytes: connections.contexts.free)
        } catch {
            guard error.status == .forbidden, addresses.isOwnOrigin(index, head, in: bytes) else {
                throw error
            }
            return try OpeningHandshake.negotiate(
                head, in: bytes, policy: wire.handshakeOfFriends,
                contextBytes: connections.contexts.free)
        }
    }

    private mutating func refuseHandshake(
        _ index: Int, _ head: RequestHead, _ refusal: HandshakeRefusal, in bytes: Span<UInt8>
    ) {
        if refusal.status == .forbidden, let origin = head.origin {
            monitor.refusedOrigins.refused(
                bytes.extracting(origin), at: clock.now, log)
        }
        let isTyped = refusal.status == .upgradeRequired && head.accepts("text/html", in: bytes)
        guard isTyped else {
            let outcome: Metrics.HandshakeOutcome =
                switch refusal.status {
                case .forbidden: .forbiddenOrigin
                case .upgradeRequired: .upgradeRequired
                default: .malformed
                }
            return refuseHandshake(
                index, head, outcome, refusal.status, refusal.reason, fields: refusal.fields)
        }
        failedHandshake(.upgradeRequired)
        respond(index, head, .page(.webSocket, fields: refusal.fields))
        answered(index, head)
    }

    private mutating func refuseHandshake(
        _ index: Int, _ head: RequestHead, _ outcome: Metrics.HandshakeOutcome,
        _ status: HTTPStatus, _ reason: String, fields: [ResponseHead.Field] = []
    ) {
        failedHandshake(outcome)
        respond(
            index, status, reason, keepsAlive: head.keepsAlive && head.content == .none,
            fields: fields)
    }

    /// An opening handshake, or a request, has failed.
    mutating func failedHandshake(_ outcome: Metrics.HandshakeOutcome) {
        counts.count(outcome)
        monitor.incidents.add(.handshake(outcome), nil, at: clock.wall)
    }

    /// The room that the query names with `room=`, or else the lobby.
    private func roomName(_ query: Range<Int>?, in bytes: Span<UInt8>) -> RoomName? {
        var fields = QueryFields(query)
        while let place = fields.next(in: bytes) {
            let field = bytes.extracting(place)
            if field.begins(with: "room=", ignoringCase: false) {
                return RoomName(field.extracting(5...))
            }
        }
        return .lobby
    }

    // MARK: Encryption

    /// Whether what the connection carries is encrypted.
    func isSecured(_ index: Int) -> Bool {
        network.security(of: connections[index].socket) == .secured
    }

    /// A request has arrived without encryption where there should be some. It is sent to the same
    /// host with `https`, and the connection ends.
    mutating func redirectToEncryption(
        _ index: Int, _ head: RequestHead, in bytes: Span<UInt8>
    ) {
        guard let target = Redirection.encrypted(head, in: bytes) else {
            return respond(
                index, .badRequest, "This port speaks TLS: use https or wss.", keepsAlive: false)
        }
        respond(
            index, .permanentRedirect, "This is at \(target).", keepsAlive: false,
            fields: [ResponseHead.Field("Location", target)])
    }
}
