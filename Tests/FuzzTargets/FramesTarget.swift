internal import WebSocket

/// Frames that come in pieces mean what they mean in one; what comes out of them is what our own
/// encoder says to the other side.
enum FramesTarget {
    static func run(_ input: FuzzInput) throws(BrokenPromise) {
        var input = input
        let rules = FrameRules(
            role: input.pick([.server, .client]), messageBytes: input.pick([65_536, 200, 1]),
            fragments: input.pick([100_000, 2]))
        let hasClosed = input.byte() % 4 == 1
        var generator = input.generator()
        let bytes = input.rest
        let whole = Outcome(
            of: bytes, cutAt: [bytes.count], rules: rules, hasClosed: hasClosed)
        let cut = Outcome(
            of: bytes, cutAt: generator.cuts(of: bytes.count), rules: rules, hasClosed: hasClosed)
        try expect(cut == whole, "cut: \(cut), whole: \(whole)")
        try check(whole, rules: rules, hasClosed: hasClosed)
        try checkEcho(of: whole.events, rules: rules)
    }

    private static func check(
        _ outcome: Outcome, rules: FrameRules, hasClosed: Bool
    ) throws(BrokenPromise) {
        let closes = outcome.events.filter { if case .close = $0 { true } else { false } }
        let hasEnded = outcome.violation != nil || !closes.isEmpty
        let state: SessionState =
            switch (hasClosed, hasEnded) {
            case (false, false): .open
            case (false, true): .closing(startedBy: .peer)
            case (true, false): .closing(startedBy: .us)
            case (true, true): .closed
            }
        try expect(outcome.state == state, "\(outcome.state), not \(state)")
        try expect(closes.count <= 1, "\(closes.count) Closes")
        try expect(closes.isEmpty || outcome.violation == nil, "a violation after the Close")
        for event in outcome.events {
            switch event {
            case .message(let kind, let bytes):
                try expect(!hasClosed, "a message after our Close")
                try expect(bytes.count <= rules.messageBytes, "a message of \(bytes.count) bytes")
                try expect(
                    kind == .binary || String(validating: bytes, as: UTF8.self) != nil,
                    "a text that isn't UTF-8")
            case .ping(let bytes), .pong(let bytes):
                try expect(bytes.count <= 125, "a control frame of \(bytes.count) bytes")
            case .close(let code):
                try expect(code?.isSendable ?? true, "a Close with the code \(code?.rawValue ?? 0)")
            }
        }
    }

    /// Says the events again, each in one frame, to an endpoint of the other role.
    private static func checkEcho(of events: [Event], rules: FrameRules) throws(BrokenPromise) {
        var bytes: [UInt8] = []
        for event in events { event.append(to: &bytes, role: rules.role) }
        var rules = rules
        rules.role = rules.role == .server ? .client : .server
        let echo = Outcome(of: bytes, cutAt: [bytes.count], rules: rules, hasClosed: false)
        try expect(echo.violation == nil && echo.events == events, "\(echo), not \(events)")
    }

    /// An event with its bytes.
    private enum Event: Equatable {
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

    /// What a session makes of its input.
    private struct Outcome: Equatable {
        var events: [Event] = []
        var violation: ProtocolViolation?
        var state = SessionState.open
        var isAtBoundary = true

        init(of bytes: [UInt8], cutAt ends: [Int], rules: FrameRules, hasClosed: Bool) {
            var session = Session()
            if hasClosed { session.sentClose() }
            var start = 0
            for end in ends {
                var input = Array(bytes[start..<end])
                start = end
                receive(&input, in: &session, rules: rules)
            }
            state = session.state
            isAtBoundary = session.isAtBoundary
        }

        private mutating func receive(
            _ input: inout [UInt8], in session: inout Session, rules: FrameRules
        ) {
            var offset = 0
            do throws(ProtocolViolation) {
                while true {
                    var span = input.mutableSpan
                    let event = try session.next(in: &span, from: &offset, rules: rules)
                    guard let event else { return }
                    events.append(Event(event, in: input))
                }
            } catch {
                violation = error
            }
        }
    }
}
