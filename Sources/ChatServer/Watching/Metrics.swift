public import Chat
internal import WebSocket

/// The daemon's counters. They are plain numbers, updated where the events happen.
public struct Metrics: Sendable {
    /// How an opening handshake ended.
    public enum HandshakeOutcome: String, CaseIterable, Sendable {
        case accepted
        case malformed
        case forbiddenOrigin = "forbidden_origin"
        case invalidRoom = "invalid_room"
        case upgradeRequired = "upgrade_required"
        case unauthorized
        case overloaded
        case timedOut = "timed_out"
    }

    public internal(set) var connectionsAccepted: UInt64 = 0
    public internal(set) var connectionsRefused: UInt64 = 0
    public internal(set) var connectionsClosed: UInt64 = 0
    public internal(set) var handshakes = [UInt64](
        repeating: 0, count: HandshakeOutcome.allCases.count)
    public internal(set) var responses: [UInt16: UInt64] = [:]
    public internal(set) var eventStreamsOpened: UInt64 = 0
    /// Text messages that arrived, of whatever kind.
    public internal(set) var messagesReceived: UInt64 = 0
    /// Those of them that carry a line, whether it is refused or not.
    public internal(set) var linesReceived: UInt64 = 0
    public internal(set) var linesDelivered: UInt64 = 0
    /// Lines that the store has kept.
    public internal(set) var linesStored: UInt64 = 0
    /// Lines that were sent again with their id, and were therefore not posted twice.
    public internal(set) var repeatedLines: UInt64 = 0
    /// Clients that resumed, and those that could not.
    public internal(set) var resumed: UInt64 = 0
    public internal(set) var notResumed: UInt64 = 0
    public internal(set) var gaps: UInt64 = 0
    public internal(set) var storeFailures: UInt64 = 0
    public internal(set) var refusals: [String: UInt64] = [:]
    /// Tokens that were verified: those that are good, and the others.
    public internal(set) var tokensAccepted: UInt64 = 0
    public internal(set) var tokensRefused: UInt64 = 0
    /// Connections whose token has ended.
    public internal(set) var identitiesExpired: UInt64 = 0
    public internal(set) var identitiesRevoked: UInt64 = 0
    public internal(set) var bytesReceived: UInt64 = 0
    public internal(set) var bytesSent: UInt64 = 0
    /// By close code. 1005 and 1006 stand for no code and for no Close at all (RFC 6455 section
    /// 7.4.1). Codes that clients choose freely are counted together: 3000 for 3000 to 3999, 4000
    /// for 4000 to 4999, and 0 for the rest.
    public internal(set) var closes: [UInt16: UInt64] = [:]
    /// Connections that were closed because they were too slow.
    public internal(set) var laggardsClosed: UInt64 = 0
    public internal(set) var acceptPauses: UInt64 = 0
    public internal(set) var ticks = DurationHistogram()

    mutating func count(resumed isRecovered: Bool) {
        if isRecovered { resumed += 1 } else { notResumed += 1 }
    }

    mutating func count(closing code: CloseCode) {
        let kept: UInt16 =
            switch code.rawValue {
            case 1000...1015: code.rawValue
            case 3000...3999: 3000
            case 4000...4999: 4000
            default: 0
            }
        closes[kept, default: 0] += 1
    }

    /// The label value for a key of ``closes``.
    static func label(ofClose code: UInt16) -> String {
        switch code {
        case 0: "other"
        case 3000: "3xxx"
        case 4000: "4xxx"
        default: "\(code)"
        }
    }

    mutating func countResponse(_ status: HTTPStatus) {
        responses[status.rawValue, default: 0] += 1
    }

    mutating func count(_ outcome: HandshakeOutcome) {
        for (index, each) in HandshakeOutcome.allCases.enumerated() where each == outcome {
            handshakes[index] += 1
        }
    }
}
