internal import Reactor
internal import TestSupport
package import WebSocket

/// One client's connection, with all that it has sent and received, checked on arrival.
///
/// When polled, it does what a well-behaved client does: it sends its pending bytes, reads, and
/// answers pings and Closes. Each of these can be switched off.
package final class Client {
    package let number: Int
    package let link: Link
    package private(set) var phase = Phase.plain
    package private(set) var ending: Ending?

    /// Whether it reads when polled.
    package var reads = true
    /// The largest number of bytes to read at one instant.
    package var appetite = Int.max
    package var answersPings = true
    /// Whether it answers a Close, and closes its socket when the server has ended its half.
    package var endsInReturn = true
    /// Whether its bytes arrive in pieces.
    package var isCut = false
    /// How it compresses. Nil if its opening handshake doesn't offer compression.
    package var compression: ClientCompression?
    /// Lines that its opening handshake has besides the usual ones.
    package var fields: [String] = []

    /// Bytes received before, or instead of, an open WebSocket.
    package private(set) var raw: [UInt8] = []
    package private(set) var lines: [ChatEvent] = []
    package private(set) var errors: [ChatEvent] = []
    /// Everything a client of the rich dialect has received, including lines and errors.
    package private(set) var events: [ChatEvent] = []
    package private(set) var pings = 0
    package private(set) var pongs: [[UInt8]] = []
    /// Gets each event as it arrives, with the place of its frame among the received bytes.
    var observer: ((ChatEvent, Int) -> Void)?
    /// The number of bytes received so far.
    private(set) var bytesRead = 0
    private var frameStart = 0
    /// The code of the server's Close, 1005 if it has none.
    package private(set) var closeCode: CloseCode?

    private let world: World
    private let reader: EventReader
    /// Whether it requested the rich dialect.
    package private(set) var isRich = false
    private var outbox = ByteQueue()
    private var codec: ClientCodec
    private var sentClose = false
    private var finishesWhenSent = false
    private var lastRead = Instant(nanoseconds: 0)

    init(number: Int, world: World, reader: EventReader, address: SocketAddress) {
        self.number = number
        self.world = world
        self.reader = reader
        link = world.connect(from: address)
        codec = ClientCodec(random: SplitMix64(seed: UInt64(number)))
    }

    /// The complete HTTP responses received.
    package var responses: [HTTPResponse]? { HTTPResponse.parse(raw) }
    /// The agreed parameters of permessage-deflate. Nil if nothing is compressed.
    package var agreedCompression: DeflateParameters? { codec.agreed }

    /// Whether the server has read all that it sent.
    var isSilent: Bool { link.isReset || outbox.isEmpty && link.toServer.isEmpty && link.isFlushed }

    package func send(_ bytes: some Collection<UInt8>) {
        outbox.append(bytes)
    }

    package func send(_ text: String) {
        send(text.utf8)
    }

    /// Requests a WebSocket in a room, or without a room name if it is nil.
    package func handshake(room: String? = nil) {
        handshake(target: room.map { "/ws?room=\($0)" } ?? "/ws")
    }

    /// Requests a WebSocket in the rich dialect.
    package func handshakeRichly() {
        isRich = true
        world.isRich = true
        handshake(target: "/ws")
    }

    package func handshake(target: String) {
        let request = codec.request(target: target, isRich: isRich, compression: compression)
        send(request.dropLast(2) + "\(fields.map { $0 + "\r\n" }.joined())\r\n".utf8)
        phase = .handshaking
    }

    package func send(_ opcode: Opcode, _ payload: some Collection<UInt8>, isFinal: Bool = true) {
        send(frame(opcode, payload, isFinal: isFinal))
    }

    /// Makes a masked frame. If compression was agreed on, a whole text is sometimes compressed.
    package func frame(
        _ opcode: Opcode, _ payload: some Collection<UInt8>, isFinal: Bool = true
    ) -> [UInt8] {
        codec.frame(
            opcode, payload, isFinal: isFinal, deflating: compression?.share ?? 0,
            random: &world.random)
    }

    package func close(_ code: CloseCode? = .normal) {
        sentClose = true
        var frame: [UInt8] = []
        FrameEncoder.appendMaskedClose(code, key: MaskingKey(world.random.next32()), to: &frame)
        send(frame)
    }

    /// Shuts down its sending half once everything has been sent.
    package func finish() {
        finishesWhenSent = true
    }

    /// Sends, reads and answers as much as possible now. Returns whether it did anything.
    func poll() -> Bool {
        let hasSent = push()
        guard reads, ending == nil, appetite == .max || lastRead < world.now else {
            return hasSent
        }
        let waiting = link.toClient.count
        let bytes = link.read(appetite)
        let hasTaken = link.toClient.count < waiting
        if !bytes.isEmpty {
            lastRead = world.now
            bytesRead += bytes.count
            received(bytes)
        }
        if link.isReset {
            ending = .reset
            world.note("client \(number): reset")
        } else if link.isAtEnd {
            ending = .finished
            world.note("client \(number): end")
            if endsInReturn { link.close() }
        }
        return push() || hasSent || hasTaken || !bytes.isEmpty || ending != nil
    }

    @discardableResult
    func push() -> Bool {
        var hasSent = link.flush()
        if !outbox.isEmpty {
            let limit = isCut ? world.random.number(in: 1...outbox.count) : outbox.count
            let room = link.isReset ? limit : link.receiveBuffer - link.toServer.count
            hasSent = link.write(outbox.take(min(limit, room))) > 0 || hasSent
        }
        if finishesWhenSent, outbox.isEmpty, !link.clientFinished, link.isFlushed || link.isReset {
            link.finishWriting()
            hasSent = true
        }
        return hasSent
    }

    private func received(_ bytes: [UInt8]) {
        switch phase {
        case .plain: raw += bytes
        case .handshaking:
            raw += bytes
            receivedResponse()
        case .open: receivedFrames(bytes)
        case .closed: violate("\(bytes.count) bytes after the Close: \(bytes.prefix(40))")
        }
    }

    private func receivedResponse() {
        do throws(ClientHandshakeFailure) {
            let accepted = try codec.receivedResponse(
                raw.span, isRich: isRich, compression: compression)
            guard let accepted else { return }
            if isRich, accepted.subprotocol == nil { violate("the rich dialect was not accepted") }
            phase = .open
            world.note("client \(number): open")
            let rest = Array(raw[accepted.length...])
            raw.removeLast(rest.count)
            if !rest.isEmpty { receivedFrames(rest) }
        } catch {
            switch error {
            case .refused: phase = .plain
            case .invalid(let reason): violate(reason)
            }
        }
    }

    private func receivedFrames(_ bytes: [UInt8]) {
        let base = bytesRead - bytes.count
        var bytes = bytes
        var input = bytes.mutableSpan
        var offset = 0
        if frameStart == 0 { frameStart = base }
        while phase == .open {
            do throws(ProtocolViolation) {
                guard let event = try codec.next(in: &input, from: &offset) else { return }
                take(event, input.span)
                frameStart = base + offset
            } catch {
                return violate("the server's frame: \(error.reason)")
            }
        }
        if offset < bytes.count { violate("\(bytes.count - offset) bytes after the Close") }
    }

    private func take(_ event: SessionEvent, _ input: Span<UInt8>) {
        switch event {
        case .message(.text, let payload): take(text: payload.bytes(in: input))
        case .message(.binary, _): violate("the server sent a binary message")
        case .ping(let payload):
            pings += 1
            if answersPings, !sentClose { send(.pong, payload.bytes(in: input)) }
        case .pong(let payload): pongs.append(payload.bytes(in: input))
        case .close(let code):
            closeCode = code ?? .noStatusReceived
            phase = .closed
            world.note("client \(number): close \(closeCode?.rawValue ?? 0)")
            if !sentClose, endsInReturn { close(code) }
        }
    }

    private func take(text: [UInt8]) {
        guard let event = reader.read(text) else {
            return violate("not an event: \(String(decoding: text.prefix(200), as: UTF8.self))")
        }
        if isRich { events.append(event) }
        observer?(event, frameStart)
        switch event.type {
        case "message": lines.append(event)
        case "error": errors.append(event)
        default: if !isRich { violate("a plain client got \(event.type)") }
        }
    }

    private func violate(_ what: String) {
        world.violate("client \(number): \(what)")
    }
}
