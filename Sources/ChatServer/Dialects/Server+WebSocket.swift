internal import Chat
internal import Reactor
internal import WebSocket

extension Server where Net: ~Copyable {
    /// A request for `/ws`: it becomes a WebSocket in a room, or hears why not.
    mutating func askedForWebSocket(
        _ index: Int, _ head: RequestHead, in bytes: Span<UInt8>
    ) {
        do throws(HandshakeRefusal) {
            let acceptance = try OpeningHandshake.negotiate(head, in: bytes, policy: policy)
            guard let room = roomName(head.query, in: bytes) else {
                return refuseHandshake(
                    index, head, .invalidRoom, .badRequest,
                    "A room's name has 1 to 64 of a-z, 0-9, '.', '_' and '-'.")
            }
            guard life == .serving else {
                return refuseHandshake(
                    index, head, .overloaded, .serviceUnavailable, "The server is stopping.",
                    fields: [Self.retryAfter])
            }
            if let reason = addresses.asked(index, head, in: bytes, at: now) {
                return refuseHandshake(
                    index, head, .overloaded, .serviceUnavailable, reason,
                    fields: [Self.retryAfter])
            }
            metrics.count(.accepted)
            scratch.removeAll(keepingCapacity: true)
            acceptance.writeResponse(policy: policy, into: &scratch)
            enqueueScratch(index, lane: .control)
            connections[index].phase = .open
            if acceptance.deflate != nil { connections[index].flags.insert(.deflates) }
            openSessions += 1
            if acceptance.subprotocol == nil { enterRoom(index, room) } else { welcome(index) }
            schedule(index)
        } catch {
            refuseHandshake(
                index, head,
                error.status == .forbidden
                    ? .forbiddenOrigin
                    : error.status == .upgradeRequired ? .upgradeRequired : .malformed,
                error.status, error.reason, fields: error.fields)
        }
    }

    /// The name of the rich dialect.
    static var richDialect: String { "hubbub.v1" }

    /// What a client of the rich dialect is told first, in its frame.
    static func welcomeEvent(_ limits: Limits, isDurable: Bool) -> [UInt8] {
        var event: [UInt8] = []
        EventWriter.welcome(
            server: "hubbub/\(Version.current)", durable: isDurable, limits: limits.chat,
            messageBytes: limits.messageBytes, pingInterval: limits.pingInterval, into: &event)
        var frame: [UInt8] = []
        FrameEncoder.append(.text, event.span, to: &frame)
        return frame
    }

    /// What a refusal for want of room asks the client to wait, in seconds.
    static var retryAfter: ResponseHead.Field { ResponseHead.Field("Retry-After", "5") }

    private mutating func refuseHandshake(
        _ index: Int, _ head: RequestHead, _ outcome: Metrics.HandshakeOutcome,
        _ status: HTTPStatus, _ reason: String, fields: [ResponseHead.Field] = []
    ) {
        metrics.count(outcome)
        respond(
            index, status, reason, keepsAlive: head.keepsAlive && head.content == .none,
            fields: fields)
    }

    /// The room that the query names with `room=`; the lobby where it names none.
    private func roomName(_ query: Range<Int>?, in bytes: Span<UInt8>) -> RoomName? {
        guard let query else { return .lobby }
        var start = query.lowerBound
        while start < query.upperBound {
            var end = start
            while end < query.upperBound, bytes[end] != UInt8(ascii: "&") { end += 1 }
            let name = start..<min(start + 5, end)
            if bytes.matches(name, "room=") {
                return RoomName(bytes.extracting(name.upperBound..<end))
            }
            start = end + 1
        }
        return .lobby
    }

    /// The next frame of the input, or as much of it as is there. A message that is longer than the
    /// input, because it was compressed, takes more of the client's share of the tick.
    mutating func receivedFrame(
        _ index: Int, _ input: inout MutableSpan<UInt8>, _ offset: inout Int,
        _ share: inout Int
    ) {
        do throws(ProtocolViolation) {
            // Two calls, so that the inflater's references are counted only for those who need it.
            let event =
                connections[index].flags.contains(.deflates)
                ? try connections[index].session.next(
                    in: &input, from: &offset, rules: rules, inflater: inflater)
                : try connections[index].session.next(in: &input, from: &offset, rules: rules)
            if connections[index].session.isAtBoundary {
                connections[index].flags.remove(.partial)
            }
            switch event {
            case nil: usedUpInput(index)
            case .message(.text, let payload):
                switch payload {
                case .input(let range): receivedText(index, input.span.extracting(range))
                case .kept(let bytes):
                    share -= bytes.count / Limits.bytesPerMessage
                    receivedText(index, bytes.span)
                }
            case .message(.binary, _):
                close(index, .unsupportedData, "Chat is text; binary messages are not taken.")
            case .ping(let payload):
                switch payload {
                case .input(let range): pong(index, input.span.extracting(range))
                case .kept(let bytes): pong(index, bytes.span)
                }
            case .pong: break
            case .close(let code): receivedClose(index, code)
            }
        } catch {
            if connections[index].session.state == .closed {
                endWhenFlushed(index)
            } else {
                fail(index, error)
            }
        }
    }

    /// Whether a message is half received: its deadline counts from its first byte.
    private mutating func usedUpInput(_ index: Int) {
        guard !connections[index].session.isAtBoundary,
            !connections[index].flags.contains(.partial)
        else { return }
        connections[index].flags.insert(.partial)
        connections[index].since = coarseNow
        schedule(index)
    }

    /// Answers a ping (RFC 6455 section 5.5.2), except after our Close.
    private mutating func pong(_ index: Int, _ payload: Span<UInt8>) {
        guard connections[index].phase == .open else { return }
        scratch.removeAll(keepingCapacity: true)
        FrameEncoder.append(.pong, payload, to: &scratch)
        enqueueScratch(index, lane: .control)
        checkControl(index)
    }

    /// Replies that nobody reads are bounded, too.
    mutating func checkControl(_ index: Int) {
        guard connections[index].outbound.controlCost > limits.controlWatermark else { return }
        closeLaggard(index, "Replies to you wait unread; read them faster.")
    }

    /// The peer's Close: it is answered with its own code, and the connection ends with that
    /// (RFC 6455 section 5.5.1); where ours went first, it ends now.
    private mutating func receivedClose(_ index: Int, _ code: CloseCode?) {
        if connections[index].phase == .open { close(index, code, "") }
        endWhenFlushed(index)
    }
}
