import Logging
import Reactor
import Simulation
import Testing

@testable import ChatServer

@Suite struct RefusedOriginsTests {
    private static func handshake(_ fields: String) -> String {
        """
        GET /ws HTTP/1.1\r\nHost: chat.example:8443\r\nUpgrade: websocket\r
        Connection: Upgrade\r\nSec-WebSocket-Version: 13\r
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\(fields)\r\n\r\n
        """
    }

    private static func proxies(_ field: TrustedProxies.Field) throws -> TrustedProxies {
        TrustedProxies([try #require(AddressBlock("192.0.2.1"))], field: field)
    }

    private func status(
        _ fields: String, proxies: TrustedProxies = TrustedProxies()
    ) throws -> [Int]? {
        var status: [Int]?
        try play(origins: ["https://friend.example"], proxies: proxies) { simulation in
            status = simulation.ask(Self.handshake(fields)).responses?.map(\.status)
        }
        return status
    }

    @Test(arguments: [
        ("X-Other: none", 101), ("Origin: https://friend.example", 101),
        ("Origin: https://chat.example:8443", 101), ("Origin: http://chat.example:8443", 101),
        ("Origin: https://chat.example", 403), ("Origin: https://evil.example:8443", 403),
        ("Origin: null", 403),
        ("Origin: https://public.example\r\nX-Forwarded-Host: public.example", 403),
    ])
    func `pages of the server itself may connect`(fields: String, expected: Int) throws {
        #expect(try status(fields) == [expected])
    }

    @Test(arguments: [
        (TrustedProxies.Field.forwardedFor, "X-Forwarded-Host: public.example", 101),
        (.forwardedFor, "X-Forwarded-Host: public.example:443", 101),
        (.forwardedFor, "x-forwarded-host: inner, Public.example", 101),
        (.forwardedFor, "X-Forwarded-Host: public.example:80", 403),
        (.forwardedFor, "X-Forwarded-Host: other.example", 403),
        (.forwardedFor, "Forwarded: host=public.example", 403),
        (.forwarded, "Forwarded: for=192.0.2.9;host=public.example;proto=https", 101),
        (.forwarded, "Forwarded: Host=\"public.example:443\"", 101),
        (.forwarded, "X-Forwarded-Host: public.example", 403),
    ])
    func `a trusted proxy says what the server's own host is`(
        field: TrustedProxies.Field, line: String, expected: Int
    ) throws {
        let fields = "Origin: https://public.example\r\n\(line)"
        #expect(try status(fields, proxies: try Self.proxies(field)) == [expected])
        #expect(try status(fields) == [403])
    }

    @Test func `the log has refused origins once a minute, bounded, with their number`() throws {
        try play(origins: ["https://friend.example"]) { simulation in
            func entries() -> [String] {
                simulation.logEntries.filter { $0.contains("--allow-origin") }
            }
            for number in 1...3 {
                _ = simulation.ask(Self.handshake("Origin: https://evil\(number).example"))
            }
            #expect(entries().count == 1)
            #expect(entries().first?.hasSuffix(" origin=https://evil1.example refused=1") == true)
            simulation.advance(seconds: 59)
            _ = simulation.ask(Self.handshake("Origin: https://evil4.example"))
            #expect(entries().count == 1)
            simulation.advance(seconds: 2)
            let long = "https://" + String(repeating: "x", count: 4_000)
            _ = simulation.ask(Self.handshake("Origin: \(long)"))
            #expect(entries().count == 2)
            #expect(entries().last?.hasSuffix(" origin=malformed refused=4") == true)
        }
    }

    @Test(arguments: ["a text of ann", "https://a.example/?x", "\u{1b}[2J", "é", ""])
    func `what doesn't look like an origin isn't logged`(origin: String) throws {
        try play(origins: ["https://friend.example"]) { simulation in
            _ = simulation.ask(Self.handshake("Origin: \(origin)"))
            let entry = simulation.logEntries.first { $0.contains("--allow-origin") }
            #expect(entry == nil || entry?.contains(" origin=malformed ") == true)
        }
    }
}
