import ChatServer
import Identity
import Logging
import Simulation
import Testing

/// What a server tells of hostile tokens: one code to the client, and no word of the token to
/// anybody.
@Suite struct ToldHostileTokenTests {
    private func simulation() throws -> Simulation {
        let verifier = SimulatedVerifier { request in
            TokenAnswer(ticket: request.ticket, result: Forge.result(request.token))
        }
        var limits = Limits()
        // Some tokens have a megabyte.
        limits.messageBytes = 4 << 20
        let simulation = try Simulation(
            limits: limits, logLevel: .trace,
            identity: IdentityRules(demand: .optional, verifier: verifier))
        simulation.world.verifier = verifier
        return simulation
    }

    @Test(arguments: HostileToken.all)
    func `the command auth`(_ hostile: HostileToken) throws {
        let simulation = try simulation()
        let client = simulation.connect()
        client.handshakeRichly()
        client.authenticate(Self.escaped(hostile.token), id: "1")
        simulation.settle()
        #expect(client.errors.map(\.code) == [Self.code(of: hostile)])
        #expect(client.events.count == 2 && client.closeCode == nil)
        checkSilence(simulation, client, hostile)
    }

    /// A header can't have all bytes.
    @Test(
        arguments: HostileToken.all.filter { token in
            token.token.count < 10_000 && token.token.allSatisfy { 0x21..<0x7F ~= $0 }
        })
    func `the header`(_ hostile: HostileToken) throws {
        let simulation = try simulation()
        let client = simulation.connect()
        client.fields = ["Authorization: Bearer \(String(decoding: hostile.token, as: UTF8.self))"]
        client.handshakeRichly()
        simulation.settle()
        let answer = String(decoding: client.raw, as: UTF8.self)
        #expect(answer.hasPrefix("HTTP/1.1 401 Unauthorized\r\n"))
        #expect(answer.contains(#"WWW-Authenticate: Bearer error="invalid_token""#))
        checkSilence(simulation, client, hostile)
    }

    private static func code(of hostile: HostileToken) -> String {
        hostile.refusal.isExpiry ? "token_expired" : "invalid_token"
    }

    /// The token within a JSON string.
    private static func escaped(_ token: [UInt8]) -> String {
        String(decoding: token, as: UTF8.self).unicodeScalars.map { scalar in
            let hex = String(scalar.value, radix: 16)
            return scalar.value < 0x20
                ? "\\u" + String(repeating: "0", count: 4 - hex.count) + hex : String(scalar)
        }.joined()
    }

    private func checkSilence(
        _ simulation: Simulation, _ client: Client, _ hostile: HostileToken
    ) {
        let reader = simulation.connect()
        reader.send("GET /metrics HTTP/1.1\r\nHost: chat.example\r\n\r\n")
        simulation.settle()
        let metrics = String(decoding: reader.raw, as: UTF8.self)
        #expect(metrics.contains(#"hubbub_tokens_total{outcome="refused"} 1"#))
        let log = simulation.logEntries.joined(separator: "\n")
        #expect(log.contains(hostile.refusal.rawValue))
        let told = [
            log, metrics, String(decoding: client.raw, as: UTF8.self), "\(client.events)",
        ]
        for word in Self.words(of: hostile.token) {
            #expect(!told.contains { $0.contains(word) }, "\(word)")
        }
        #expect(simulation.world.violations == [])
    }

    /// Pieces of the token as it was sent, and of what it says.
    private static func words(of token: [UInt8]) -> [String] {
        let parts = token.prefix(16_384).split(separator: UInt8(ascii: "."))
        let said = parts.flatMap { part in
            (try? Base64URL.decode(Array(part).span))?.split(separator: UInt8(ascii: "\"")) ?? []
        }
        return (parts.map { $0.prefix(24) } + said.map { $0.prefix(24) }).filter { $0.count > 7 }
            .map { String(decoding: $0, as: UTF8.self) }
    }
}
