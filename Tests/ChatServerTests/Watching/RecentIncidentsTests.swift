import Chat
import Testing
import WebSocket

@testable import ChatServer

@Suite struct RecentIncidentsTests {
    private static func time(_ number: Int) -> Timestamp { Timestamp(milliseconds: Int64(number)) }

    @Test(arguments: [0, 1, 999, 1_000, 1_001, 2_500])
    func `the last thousand are kept, the last one first`(count: Int) {
        var incidents = RecentIncidents()
        for number in 0..<count {
            incidents.add(.close(.normal), .plain, at: Self.time(number))
        }
        let kept = incidents.latest.map(\.time.milliseconds)
        #expect(kept == (max(count - 1_000, 0)..<count).reversed().map { Int64($0) })
    }

    @Test func `each says what it is in words of ours`() {
        var incidents = RecentIncidents()
        incidents.add(.close(CloseCode(rawValue: 1_013)), .rich, at: Self.time(1))
        incidents.add(.refusal(.rateLimited), .plain, at: Self.time(2))
        incidents.add(.handshake(.forbiddenOrigin), nil, at: Self.time(3))
        incidents.add(.connection, nil, at: Self.time(4))
        #expect(
            incidents.latest.map { "\($0.kindText) \($0.code)" } == [
                "connection over_limit", "handshake forbidden_origin", "refusal rate_limited",
                "close 1013",
            ])
    }
}
