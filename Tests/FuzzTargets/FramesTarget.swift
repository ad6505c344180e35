internal import TestSupport
internal import WebSocket

/// Frames have the same result in any pieces, and the other side reads the same events when our
/// encoder writes them.
enum FramesTarget {
    static func run(_ input: FuzzInput) throws(BrokenPromise) {
        var input = input
        let rules = FrameRules(
            role: input.pick([.server, .client]), messageBytes: input.pick([65_536, 200, 1]),
            fragments: input.pick([FrameRules.standardFragments, 2]))
        let hasClosed = input.byte() % 4 == 1
        var generator = input.generator()
        let bytes = input.rest
        let whole = SessionOutcome(
            of: bytes, cutAt: [bytes.count], rules: rules, hasClosed: hasClosed)
        let cut = SessionOutcome(
            of: bytes, cutAt: generator.cuts(of: bytes.count), rules: rules, hasClosed: hasClosed)
        try expect(cut == whole, "cut: \(cut), whole: \(whole)")
        try check(whole, rules: rules, hasClosed: hasClosed)
        try checkEcho(of: whole.events, rules: rules)
    }

    private static func check(
        _ outcome: SessionOutcome, rules: FrameRules, hasClosed: Bool
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

    /// Writes the events again, one frame each, for an endpoint of the other role.
    private static func checkEcho(
        of events: [Seen], rules: FrameRules
    ) throws(BrokenPromise) {
        var bytes: [UInt8] = []
        for event in events { event.append(to: &bytes, role: rules.role) }
        var rules = rules
        rules.role = rules.role == .server ? .client : .server
        let echo = SessionOutcome(of: bytes, cutAt: [bytes.count], rules: rules, hasClosed: false)
        try expect(echo.violation == nil && echo.events == events, "\(echo), not \(events)")
    }
}
