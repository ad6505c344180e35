import Reactor

@testable import hubbub_load

/// A run in which connections 0 and 1 send, and all listen.
struct VerifiedRoom {
    static let due = Instant(nanoseconds: 123_456_789)

    var verifier: Verifier
    let format = LineFormat(run: 7, textBytes: 60)

    init(connections: Int = 3, ringBytes: Int = 4096) {
        verifier = Verifier(
            format: format, members: Numbering(count: connections),
            log: LineLog(ringBytes: ringBytes))
    }

    /// Sends lines and returns them as the server would deliver them.
    mutating func send(_ senders: Int...) -> [[UInt8]] {
        senders.map { sender in
            var message: [UInt8] = []
            format.write(verifier.send(from: sender), due: Self.due, into: &message)
            return message
        }
    }

    mutating func deliver(_ messages: [[UInt8]], to connections: Int...) {
        for connection in connections {
            for message in messages { _ = verifier.received(message.span, by: connection) }
        }
    }

    mutating func finish() -> [Finding] {
        verifier.finish()
        return verifier.findings.first
    }
}
