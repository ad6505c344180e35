import Reactor
import Testing
import WebSocket

@testable import ChatServer

@Suite struct TrustedProxiesTests {
    @Test(
        arguments: [
            ([], "192.0.2.1"),
            (["X-Forwarded-For: 203.0.113.5"], "203.0.113.5"),
            (["X-Forwarded-For: 198.51.100.7, 203.0.113.5"], "203.0.113.5"),
            (["X-Forwarded-For: 203.0.113.5, 10.1.2.3"], "203.0.113.5"),
            (["X-Forwarded-For: 203.0.113.5", "X-Forwarded-For: 10.1.2.3"], "203.0.113.5"),
            (["X-Forwarded-For: 10.9.9.9, 10.1.2.3"], "10.9.9.9"),
            (["X-Forwarded-For: 203.0.113.5:4711"], "203.0.113.5"),
            (["X-Forwarded-For: 2001:db8::5"], "2001:db8::5"),
            (["X-Forwarded-For: [2001:db8::5]:4711"], "2001:db8::5"),
            (["X-Forwarded-For: unknown"], "192.0.2.1"),
            (["X-Forwarded-For: 203.0.113.5, nonsense, 10.1.2.3"], "10.1.2.3"),
            (["X-Forwarded-For: "], "192.0.2.1"),
            (["X-Forwarded-For: 203.0.113.5", "Forwarded: for=198.51.100.7"], "203.0.113.5"),
            (["Forwarded: for=198.51.100.7"], "192.0.2.1"),
        ])
    func `the client is the last address that isn't a trusted proxy`(
        fields: [String], expected: String
    ) throws {
        let blocks = try ["192.0.2.1", "10.0.0.0/8"].map { try #require(AddressBlock($0)) }
        let found = try client(of: "192.0.2.1", fields, TrustedProxies(blocks))
        #expect(found == SocketAddress(numeric: expected))
    }

    @Test(arguments: [
        (["Forwarded: for=203.0.113.5"], "203.0.113.5"),
        (["Forwarded: proto=https; For=\"203.0.113.5:80\" ;by=10.0.0.1"], "203.0.113.5"),
        (["Forwarded: for=\"[2001:db8::5]:4711\""], "2001:db8::5"),
        (["Forwarded: for=198.51.100.7, for=203.0.113.5;proto=http"], "203.0.113.5"),
        (["Forwarded: for=_hidden"], "192.0.2.1"),
        (["Forwarded: proto=https"], "192.0.2.1"),
        (["X-Forwarded-For: 198.51.100.7", "Forwarded: for=203.0.113.5"], "203.0.113.5"),
        (["X-Forwarded-For: 198.51.100.7"], "192.0.2.1"),
    ])
    func `if Forwarded counts, no other field does`(fields: [String], expected: String) throws {
        let blocks = try ["192.0.2.1", "10.0.0.0/8"].map { try #require(AddressBlock($0)) }
        let proxies = TrustedProxies(blocks, field: .forwarded)
        let found = try client(of: "192.0.2.1", fields, proxies)
        #expect(found == SocketAddress(numeric: expected))
    }

    /// The proxies' own addresses are what is left if the client isn't within the limit.
    @Test(arguments: [
        (hops: 15, expected: "203.0.113.5"), (hops: 16, expected: "10.0.0.1"),
        (hops: 3_000, expected: "10.0.0.1"),
    ])
    func `at most 16 proxies are believed`(hops: Int, expected: String) throws {
        let blocks = try ["192.0.2.1", "10.0.0.0/8"].map { try #require(AddressBlock($0)) }
        let list = ["203.0.113.5"] + Array(repeating: "10.0.0.1", count: hops)
        for (field, value) in [
            ("X-Forwarded-For: ", list.joined(separator: ",")),
            ("Forwarded: ", list.map { "for=\($0)" }.joined(separator: ",")),
        ] {
            let counted: TrustedProxies.Field =
                field == "Forwarded: " ? .forwarded : .forwardedFor
            let found = try client(
                of: "192.0.2.1", [field + value], TrustedProxies(blocks, field: counted))
            #expect(found == SocketAddress(numeric: expected))
        }
    }

    @Test(arguments: [53, 54, 8_000])
    func `a text that is too long is no address`(length: Int) throws {
        let blocks = try ["192.0.2.1"].map { try #require(AddressBlock($0)) }
        let address = "[2001:db8::5]:"
        let text = address + String(repeating: "1", count: length - address.count)
        let found = try client(
            of: "192.0.2.1", ["X-Forwarded-For: \(text)"], TrustedProxies(blocks))
        #expect(found == SocketAddress(numeric: length > 53 ? "192.0.2.1" : "2001:db8::5"))
    }

    @Test func `only the last 16 names of the host count`() throws {
        for names in [15, 16] {
            let list = ["chat"] + Array(repeating: "other", count: names)
            let fields = [
                (TrustedProxies.Field.forwardedFor, "X-Forwarded-Host: ", ""),
                (.forwarded, "Forwarded: ", "host="),
            ]
            for (field, name, parameter) in fields {
                let value = list.map { parameter + $0 }.joined(separator: ",")
                let (head, bytes) = try request([name + value])
                let isNamed = TrustedProxies(field: field).names(head, in: bytes.span) {
                    $0.count == 4
                }
                #expect(isNamed == (names < 16))
            }
        }
    }

    @Test func `other senders aren't trusted`() throws {
        let blocks = try ["10.0.0.0/8"].map { try #require(AddressBlock($0)) }
        let fields = ["X-Forwarded-For: 203.0.113.5", "Forwarded: for=203.0.113.5"]
        let found = try client(of: "192.0.2.1", fields, TrustedProxies(blocks))
        #expect(found == SocketAddress(numeric: "192.0.2.1"))
    }

    private func client(
        of peer: String, _ fields: [String], _ proxies: TrustedProxies
    ) throws -> SocketAddress {
        let (head, bytes) = try request(fields)
        let address = try #require(SocketAddress(numeric: peer))
        return proxies.client(of: address, head, in: bytes.span)
    }

    private func request(_ fields: [String]) throws -> (RequestHead, [UInt8]) {
        let lines = ["GET /ws HTTP/1.1", "Host: chat"] + fields + ["", ""]
        let bytes = Array(lines.joined(separator: "\r\n").utf8)
        var progress = HeadProgress()
        let limits = HeadLimits(headBytes: 65_536)
        let parsed = try RequestHead.parse(bytes.span, progress: &progress, limits: limits)
        return (try #require(parsed), bytes)
    }
}
