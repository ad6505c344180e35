internal import TestSupport
internal import WebSocket

/// The result of a session's input.
struct SessionOutcome: Equatable {
    var events: [Seen] = []
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
                events.append(Seen(event, in: input))
            }
        } catch {
            violation = error
        }
    }
}
