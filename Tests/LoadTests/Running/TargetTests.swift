import Reactor
import Testing

@testable import hubbub_load

@Suite struct TargetTests {
    @Test(arguments: [
        ("ws://127.0.0.1:8080/ws", "127.0.0.1", 8080, "/ws", "127.0.0.1:8080"),
        ("ws://example.org", "example.org", 80, "/", "example.org"),
        ("WS://example.org:80/a?room=b%20c", "example.org", 80, "/a?room=b%20c", "example.org"),
        ("ws://[::1]:9/x", "::1", 9, "/x", "[::1]:9"),
        ("localhost:8080", "localhost", 8080, "/ws", "localhost:8080"),
        ("http://a/", "a", 80, "/ws", "a"), ("wss://a/x", "a", 443, "/x", "a"),
        ("https://a:8443/", "a", 8443, "/ws", "a:8443"),
    ])
    func `a URL is split into its parts`(
        url: String, host: String, port: UInt16, resource: String, authority: String
    ) throws {
        let target = try Target(url: url)
        #expect(target.host == host)
        #expect(target.port == port)
        #expect(target.resource == resource)
        #expect(target.authority == authority)
    }

    @Test(arguments: [
        ("ws://a/ws", "/ws?room=go", "lobby"), ("ws://a/ws?room=x&b=1", "/ws?room=go&b=1", "x"),
        ("ws://a/?b=1&room=x", "/?room=go&b=1", "x"),
    ])
    func `a room is put into the query and read from it`(
        url: String, resource: String, room: String
    ) throws {
        let target = try Target(url: url)
        #expect(target.resource(room: "go") == resource)
        #expect(target.room == room)
    }

    @Test(arguments: [
        "", "/ws", "ws://", "wss://", "ftp://a/", "ws://a:0/", "ws://a:65536/", "ws://a/#b",
    ])
    func `anything but a WebSocket URL is refused`(url: String) {
        #expect(throws: Failure.self) { try Target(url: url) }
    }

    @Test func `connections to loopback come from many addresses, others from one`() {
        let loopback = SocketAddress(ipv4: 0x7F00_0001, port: 80)
        let sources = Set((0..<19_000).compactMap { Target.source(of: $0, to: loopback) })
        #expect(sources.count == 250)
        #expect(sources.allSatisfy { $0.isLoopback && $0.port == 0 })
        let elsewhere = SocketAddress(ipv4: 0xC000_0201, port: 80)
        #expect(Target.source(of: 1, to: elsewhere) == nil)
    }
}
