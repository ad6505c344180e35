import Testing
import WebSocket

@Suite struct OriginTests {
    @Test(arguments: [
        ("http://a.example", "a.example"), ("http://a.example", "a.example:80"),
        ("https://a.example", "a.example"), ("https://a.example", "a.example:443"),
        ("http://a.example:80", "a.example"), ("https://a.example:443", "a.example:443"),
        ("http://a.example:8080", "a.example:8080"), ("https://a.example:8443", "a.example:8443"),
        ("HTTP://A.Example", "a.eXAMPLE"), ("http://[::1]:8080", "[::1]:8080"),
        ("http://[::1]", "[::1]"), ("http://127.0.0.1:1", "127.0.0.1:1"),
        ("http://a.example", "a.example:"),
    ])
    func `host and port that are the server's make an origin its own`(origin: String, host: String)
    {
        let isOwn = Origin.isOwn(origin.utf8.span, authority: host.utf8.span)
        #expect(isOwn)
    }

    @Test(arguments: [
        ("http://a.example", "a.example:443"), ("https://a.example", "a.example:80"),
        ("http://a.example:443", "a.example"), ("https://a.example:80", "a.example"),
        ("http://a.example", "a.example:8080"), ("http://a.example:8080", "a.example"),
        ("http://a.example", "b.example"), ("http://a.example", "a.example.evil"),
        ("http://evil-a.example", "a.example"), ("http://a.example.", "a.example"),
        ("http://[::1]:8080", "[::1]:8081"), ("null", "null"), ("a.example", "a.example"),
        ("ws://a.example", "a.example"), ("file://a.example", "a.example"), ("http://", ""),
        ("http://:80", ":80"), ("", ""), ("http://a:99999", "a:99999"),
        ("http://a.example/", "a.example"),
        ("http://a.example:80x", "a.example"),
    ])
    func `anything else is another origin`(origin: String, host: String) {
        let isOwn = Origin.isOwn(origin.utf8.span, authority: host.utf8.span)
        #expect(!isOwn)
    }
}
