import TestSupport
import Testing
import WebSocket

/// The result of some input.
struct Outcome: Equatable {
    var events: [Seen] = []
    var violation: ProtocolViolation?
}

/// Checks the outcome of a session's input, whole and in each of its cuttings.
func expectUncompressed(
    _ bytes: [UInt8], _ expected: Outcome, rules: FrameRules = .test,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    var whole = Session()
    #expect(whole.receive(bytes, rules: rules) == expected, sourceLocation: sourceLocation)
    for pieces in bytes.cuttings {
        var session = Session()
        let outcome = session.receive(pieces, rules: rules)
        #expect(outcome == expected, "\(pieces.map(\.count))", sourceLocation: sourceLocation)
        #expect(session.state == whole.state, sourceLocation: sourceLocation)
    }
}
