import Chat
import Testing
import WebSocket

@testable import ChatServer

@Suite struct ServerReportTests {
    @Test func `incidents are summed by their reason, the most frequent first`() {
        var incidents = RecentIncidents()
        #expect(ServerReport.sums(of: incidents) == [])
        func add(_ kind: Incident.Kind, _ milliseconds: Int64) {
            incidents.add(kind, .rich, at: Timestamp(milliseconds: milliseconds))
        }
        add(.close(.normal), 1)
        add(.close(CloseCode(rawValue: 4_242)), 2)
        add(.refusal(.frozen), 3)
        add(.close(CloseCode(rawValue: 3_999)), 4)
        add(.close(CloseCode(rawValue: 3_003)), 5)
        add(.handshake(.malformed), 6)
        add(.close(CloseCode(rawValue: 4_999)), 7)
        let sums = ServerReport.sums(of: incidents)
        #expect(sums.map(\.code) == ["other", "malformed", "3003", "frozen", "1000"])
        #expect(sums.map(\.count) == [3, 1, 1, 1, 1])
        #expect(sums.map(\.last.milliseconds) == [7, 6, 5, 3, 1])
        #expect(sums.map(\.kind) == ["close", "handshake", "close", "refusal", "close"])
        for time in 10..<Int64(RecentIncidents.capacity + 10) { add(.connection, time) }
        let last = ServerReport.sums(of: incidents)
        #expect(last.map(\.code) == ["over_limit"] && last[0].count == RecentIncidents.capacity)
    }
}
