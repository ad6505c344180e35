/// The server's end of one WebSocket connection, for a small server. It turns bytes into messages
/// and replies, without a socket or a clock.
///
/// It answers the opening handshake on any path, pings and Closes. It appends its replies to an
/// output that the caller sends. It doesn't compress. A server that needs compression, other
/// resources or its own limits uses ``OpeningHandshake`` and ``Session`` instead.
public struct ServerSession: ~Copyable {
    private enum Phase {
        /// The request's head is missing or incomplete.
        case opening
        /// The connection is a WebSocket.
        case open
        /// Nothing more is read or sent.
        case over
    }

    private var phase = Phase.opening
    private var frames = Session()
    /// The received part of the request's head.
    private var head: [UInt8] = []
    private var progress = HeadProgress()
    private let policy: HandshakePolicy
    private let rules: FrameRules

    /// Makes a session that accepts messages of at most `messageBytes`. If `origins` is not empty,
    /// only pages of those origins may connect.
    public init(origins: [String] = [], messageBytes: Int = 65_536) {
        policy = HandshakePolicy(origins: origins)
        rules = FrameRules(role: .server, messageBytes: messageBytes)
    }

    /// Whether the connection must end when the output has been sent.
    public var isOver: Bool { phase == .over }

    /// The next message in `input`, from `offset` on, which moves past the used bytes. Nil if the
    /// input is used up. Replies are appended to `output`.
    public mutating func next(
        in input: inout MutableSpan<UInt8>, from offset: inout Int, output: inout [UInt8]
    ) -> (kind: MessageKind, payload: Payload)? {
        while true {
            switch phase {
            case .opening:
                receiveHead(input.span, from: &offset, output: &output)
                if phase == .opening { return nil }
            case .open:
                do throws(ProtocolViolation) {
                    guard
                        let event = try frames.next(
                            in: &input, from: &offset, rules: rules, inflater: nil)
                    else { return nil }
                    switch event {
                    case .message(let kind, let payload): return (kind, payload)
                    case .ping(let payload):
                        write(.pong, payload, in: input.span, into: &output)
                    case .pong: break
                    case .close(let code): close(code, into: &output)
                    }
                } catch {
                    close(error.closeCode, reason: error.reason, into: &output)
                }
            case .over:
                offset = input.count
                return nil
            }
        }
    }

    /// Appends a message, unless a Close was sent or the handshake isn't over.
    public func send(_ kind: MessageKind, _ bytes: Span<UInt8>, into output: inout [UInt8]) {
        guard phase == .open, frames.state == .open else { return }
        FrameEncoder.append(kind == .text ? .text : .binary, bytes, to: &output)
    }

    /// The same for the payload of a message from `input`.
    public func send(
        _ kind: MessageKind, _ payload: Payload, in input: Span<UInt8>, into output: inout [UInt8]
    ) {
        guard phase == .open, frames.state == .open else { return }
        write(kind == .text ? .text : .binary, payload, in: input, into: &output)
    }

    /// Appends our Close, once. Nothing can be sent after it. The session is over when the peer's
    /// Close arrives.
    public mutating func close(
        _ code: CloseCode?, reason: String = "", into output: inout [UInt8]
    ) {
        guard phase == .open else { return }
        switch frames.state {
        case .open, .closing(startedBy: .peer):
            FrameEncoder.appendClose(code, reason: reason, to: &output)
            frames.sentClose()
        case .closing(startedBy: .us), .closed: break
        }
        if frames.state == .closed { phase = .over }
    }

    private func write(
        _ opcode: Opcode, _ payload: Payload, in input: Span<UInt8>, into output: inout [UInt8]
    ) {
        switch payload {
        case .input(let range):
            FrameEncoder.append(opcode, input.extracting(range), to: &output)
        case .kept(let bytes): FrameEncoder.append(opcode, bytes.span, to: &output)
        }
    }

    /// Takes bytes of the head, and answers it when it is complete.
    private mutating func receiveHead(
        _ input: Span<UInt8>, from offset: inout Int, output: inout [UInt8]
    ) {
        var bytes: [UInt8] = []
        swap(&bytes, &head)
        let before = bytes.count
        bytes.append(input.extracting(offset...))
        do throws(RequestViolation) {
            let request = try RequestHead.parse(
                bytes.span, progress: &progress, limits: HeadLimits())
            guard let request else {
                offset = input.count
                swap(&bytes, &head)
                return
            }
            offset += request.length - before
            answer(request, in: bytes.span, output: &output)
        } catch {
            refuse(error.status, error.reason, into: &output)
        }
    }

    private mutating func answer(
        _ request: RequestHead, in bytes: Span<UInt8>, output: inout [UInt8]
    ) {
        do throws(HandshakeRefusal) {
            try OpeningHandshake.negotiate(request, in: bytes, policy: policy)
                .writeResponse(policy: policy, into: &output)
            phase = .open
        } catch {
            refuse(
                error.status, error.reason, isHead: request.method == .head,
                fields: error.fields, into: &output)
        }
    }

    private mutating func refuse(
        _ status: HTTPStatus, _ reason: String, isHead: Bool = false,
        fields: [ResponseHead.Field] = [], into output: inout [UInt8]
    ) {
        ResponseHead.write(
            status, text: reason, keepsAlive: false, isHead: isHead, fields: fields,
            into: &output)
        phase = .over
    }
}
