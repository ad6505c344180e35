internal import WebSocket

/// What a session makes of its input.
struct SessionOutcome: Equatable {
    var events: [Event] = []
    var violation: ProtocolViolation?
    var state = SessionState.open
    var isAtBoundary = true

    init(
        of bytes: [UInt8], cutAt ends: [Int], rules: FrameRules, hasClosed: Bool,
        inflater: Inflater? = nil
    ) {
        var session = Session()
        if hasClosed { session.sentClose() }
        var start = 0
        for end in ends {
            var input = Array(bytes[start..<end])
            start = end
            receive(&input, in: &session, rules: rules, inflater: inflater)
        }
        state = session.state
        isAtBoundary = session.isAtBoundary
    }

    private mutating func receive(
        _ input: inout [UInt8], in session: inout Session, rules: FrameRules,
        inflater: Inflater?
    ) {
        var offset = 0
        do throws(ProtocolViolation) {
            while true {
                var span = input.mutableSpan
                let event = try session.next(
                    in: &span, from: &offset, rules: rules, inflater: inflater)
                guard let event else { return }
                events.append(Event(event, in: input))
            }
        } catch {
            violation = error
        }
    }

    /// An event with its bytes.
    enum Event: Equatable {
        case message(MessageKind, [UInt8])
        case ping([UInt8])
        case pong([UInt8])
        case close(CloseCode?)

        init(_ event: SessionEvent, in input: [UInt8]) {
            func bytes(_ payload: Payload) -> [UInt8] {
                switch payload {
                case .input(let range): Array(input[range])
                case .kept(let bytes): bytes
                }
            }
            switch event {
            case .message(let kind, let payload): self = .message(kind, bytes(payload))
            case .ping(let payload): self = .ping(bytes(payload))
            case .pong(let payload): self = .pong(bytes(payload))
            case .close(let code): self = .close(code)
            }
        }

        func append(to output: inout [UInt8], role: Role) {
            func append(_ opcode: Opcode, _ payload: [UInt8]) {
                switch role {
                case .server: FrameEncoder.append(opcode, payload.span, to: &output)
                case .client:
                    FrameEncoder.appendMasked(
                        opcode, payload.span, key: MaskingKey(0x21F6_12B7), to: &output)
                }
            }
            switch self {
            case .message(.text, let bytes): append(.text, bytes)
            case .message(.binary, let bytes): append(.binary, bytes)
            case .ping(let bytes): append(.ping, bytes)
            case .pong(let bytes): append(.pong, bytes)
            case .close(let code):
                let payload = code.map { [UInt8($0.rawValue >> 8), UInt8($0.rawValue & 0xFF)] }
                append(.close, payload ?? [])
            }
        }
    }
}
