import ChatServer
import Simulation
import Testing

/// Who gets `/metrics` if it needs a token. A port of its own is tested with real sockets.
@Suite struct ServerMetricsAccessTests {
    private static let token = "a-token-for-the-tests"

    private func status(_ simulation: Simulation, _ fields: String) -> Int? {
        simulation.ask("GET /metrics HTTP/1.1\r\nHost: a\r\n\(fields)\r\n\r\n")
            .responses?.first?.status
    }

    private func play(_ scene: (Simulation) throws -> Void) throws {
        try ChatServerTests.play(.generous()) { simulation in
            simulation.change { $0.metricsToken = Self.token }
            simulation.settle()
            try scene(simulation)
        }
    }

    @Test(arguments: [
        ("X: y", 401), ("Authorization: Bearer a-token-for-the-tests", 200),
        ("authorization: bearer   a-token-for-the-tests ", 200), ("Authorization: Bearer", 401),
        ("Authorization: Bearer a-token-for-the-test", 401),
        ("Authorization: Bearer a-token-for-the-testss", 401),
        ("Authorization: Bearer A-token-for-the-tests", 401),
        ("Authorization: Basic a-token-for-the-tests", 401),
        ("Authorization: Bearer x\r\nAuthorization: Bearer a-token-for-the-tests", 401),
    ])
    func `the token is asked for`(fields: String, expected: Int) throws {
        try play { simulation in
            #expect(status(simulation, fields) == expected)
            let head = simulation.ask("HEAD /metrics HTTP/1.1\r\nHost: a\r\n\(fields)\r\n\r\n")
            #expect(head.answer.hasPrefix("HTTP/1.1 \(expected) "))
        }
    }

    @Test func `the answer without it is a problem, and says which credentials it wants`() throws {
        try play { simulation in
            let answer = simulation.ask("GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n")
            let response = try #require(answer.responses?.first)
            #expect(response.fields["www-authenticate"] == "Bearer")
            #expect(response.fields["content-type"] == "application/problem+json")
            #expect(response.content.contains(#""status":401"#))
            #expect(!response.content.contains("hubbub_"))
            let page = simulation.ask("GET /readyz HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(page.responses?.first?.status == 200)
        }
    }

    @Test func `a reload replaces the token, and removes it`() throws {
        try play { simulation in
            simulation.change { $0.metricsToken = "another-token-for-tests" }
            simulation.settle()
            #expect(status(simulation, "Authorization: Bearer \(Self.token)") == 401)
            #expect(status(simulation, "Authorization: Bearer another-token-for-tests") == 200)
            simulation.change { $0.metricsToken = nil }
            simulation.settle()
            #expect(status(simulation, "X: y") == 200)
        }
    }
}
