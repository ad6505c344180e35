import Testing
import WebSocket

/// What came of some input.
struct Outcome: Equatable {
    var events: [Seen] = []
    var violation: ProtocolViolation?
}
