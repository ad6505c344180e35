/// The server's end of one WebSocket connection, for a small server: bytes in, messages and bytes
/// out, without a socket or a clock.
///
/// It answers the opening handshake on any path, pings and Closes. What is to be sent is appended
/// to an output, which the caller sends. Nothing is compressed. A server that wants compression,
/// other resources or its own limits uses ``OpeningHandshake`` and ``Session`` instead.
public struct ServerSession: ~Copyable {
    private enum Phase {
        /// The request's head has not come, or not all of it.
        case opening
        /// It is a WebSocket.
        case open
        /// Nothing more is read or said.
        case over
    }

    private var phase = Phase.opening
    private var frames = Session()
    /// What has come of the request's head.
    private var head: [UInt8] = []
    private var progress = HeadProgress()
    private let policy: HandshakePolicy
    private let rules: FrameRules

    /// A session that takes messages of at most `messageBytes`. Pages of other sites may connect
    /// only if their origin is in `origins`, or if that is empty.
    public init(origins: [String] = [], messageBytes: Int = 65_536) {
        policy = HandshakePolicy(origins: origins)
        rules = FrameRules(role: .server, messageBytes: messageBytes)
    }

    /// Whether the connection is to be ended when the output has been sent.
    public var isOver: Bool { phase == .over }

    /// The next message in `input`, from `offset` on, which moves behind what was used; nil when
    /// all is used up. What is to be sent in return is appended to `output`.
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

    /// The same with the payload of a message that came in `input`.
    public func send(
        _ kind: MessageKind, _ payload: Payload, in input: Span<UInt8>, into output: inout [UInt8]
    ) {
        guard phase == .open, frames.state == .open else { return }
        write(kind == .text ? .text : .binary, payload, in: input, into: &output)
    }

    /// Appends our Close, once. Nothing is sent after it; the session is over when the peer's has
    /// come.
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

    /// Takes what there is of the head, and answers it when it is whole.
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
