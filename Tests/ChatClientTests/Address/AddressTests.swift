import ChatClient
import Testing

@Suite struct AddressTests {
    @Test(arguments: [
        ("ws://127.0.0.1:8080/ws", "127.0.0.1", 8080, "/ws", "127.0.0.1:8080", nil),
        ("ws://example.org/ws?room=go", "example.org", 80, "/ws", "example.org", "go"),
        (
            "ws://example.org/ws?a=b&room=go&c=d", "example.org", 80, "/ws?a=b&c=d", "example.org",
            "go"
        ),
        ("ws://example.org", "example.org", 80, "/", "example.org", nil),
        ("http://example.org:8080", "example.org", 8080, "/ws", "example.org:8080", nil),
        ("HTTP://example.org:8080/", "example.org", 8080, "/ws", "example.org:8080", nil),
        ("http://example.org/chat", "example.org", 80, "/chat", "example.org", nil),
        ("localhost:8099", "localhost", 8099, "/ws", "localhost:8099", nil),
        ("chat.example/?room=go", "chat.example", 80, "/ws", "chat.example", "go"),
        ("[::1]:9", "::1", 9, "/ws", "[::1]:9", nil),
        ("10.0.0.1:9/ws?room=go", "10.0.0.1", 9, "/ws", "10.0.0.1:9", "go"),
        ("http://[::1]:9/?room=a.b", "::1", 9, "/ws", "[::1]:9", "a.b"),
        ("wss://example.org/ws?room=go", "example.org", 443, "/ws", "example.org", "go"),
        ("wss://example.org:80/ws", "example.org", 80, "/ws", "example.org:80", nil),
        ("https://example.org/?room=go", "example.org", 443, "/ws", "example.org", "go"),
        ("HTTPS://[::1]:8443", "::1", 8443, "/ws", "[::1]:8443", nil),
        ("ws://example.org:443/ws", "example.org", 443, "/ws", "example.org:443", nil),
    ])
    func `addresses as people write them lead to the WebSocket`(
        text: String, host: String, port: UInt16, resource: String, authority: String,
        room: String?
    ) throws {
        let address = try ChatAddress(text)
        #expect(address.url.host == host)
        #expect(address.url.port == port)
        #expect(address.url.resource == resource)
        #expect(address.url.authority == authority)
        #expect(address.room == room)
        let scheme = text.prefix { $0 != ":" }.lowercased()
        #expect(address.url.isSecure == ["wss", "https"].contains(scheme))
    }

    @Test(arguments: [
        ("ftp://a/", "wss://"), ("a:b", "ws"), ("", "ws://"), ("/ws", "ws://"), ("ws://", "ws://"),
        ("ws://a:0/", "port"), ("wss://a:0/", "port"), ("ws://a/#b", "ws://"),
    ])
    func `an invalid address is refused with a sentence`(text: String, named: String) {
        do throws(WebSocketURL.Problem) {
            _ = try ChatAddress(text)
            Issue.record("taken")
        } catch {
            #expect(error.reason.contains(named), "\(error.reason)")
        }
    }
}
