import Testing
import WebSocket

/// A request with this line and these fields.
private func request(_ line: String, _ fields: [String] = ["Host: a.example"]) -> String {
    ([line] + fields).joined(separator: "\r\n") + "\r\n\r\n"
}

private func get(_ fields: String...) -> String {
    request("GET / HTTP/1.1", ["Host: a.example"] + fields)
}

@Suite struct RequestHeadTests {
    static let browser = request(
        "GET /ws?room=go HTTP/1.1",
        [
            "Host: localhost:8080", "Connection: keep-alive, Upgrade", "Pragma: no-cache",
            "User-Agent: Mozilla/5.0 (X11; Linux x86_64)\tGecko", "Upgrade: websocket",
            "Origin: http://localhost:8080", "Sec-WebSocket-Version: 13", "Empty:",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "X-Forwarded-For: 10.0.0.1",
            "Sec-WebSocket-Protocol: chat, hubbub.v1", "sec-websocket-protocol: other",
            "Sec-WebSocket-Extensions: permessage-deflate", "Forwarded: for=10.0.0.2",
        ])

    @Test func `a browser's handshake is read`() throws {
        let bytes = [UInt8](Self.browser + "behind")
        let head = try #require(try parse(pieces: [bytes[...]]))
        #expect(head.method == .get)
        #expect(bytes.text(head.path) == "/ws")
        #expect(bytes.text(head.query) == "room=go")
        #expect(bytes.text(head.authority) == "localhost:8080")
        #expect(bytes.text(head.origin) == "http://localhost:8080")
        #expect(bytes.text(head.webSocketVersion) == "13")
        #expect(bytes.text(head.webSocketKey) == "dGhlIHNhbXBsZSBub25jZQ==")
        #expect(bytes.texts(head.webSocketProtocols) == ["chat, hubbub.v1", "other"])
        #expect(bytes.texts(head.webSocketExtensions) == ["permessage-deflate"])
        #expect(bytes.texts(head.forwarded) == ["for=10.0.0.2"])
        #expect(bytes.texts(head.forwardedFor) == ["10.0.0.1"])
        #expect(head.upgradesToWebSocket)
        #expect(head.keepsAlive)
        #expect(head.content == .none)
        #expect(!head.isAsterisk)
        #expect(!head.expectsContinue)
        #expect(head.length == bytes.count - 6)
    }

    @Test func `a head gives the same result in any pieces`() throws {
        let bytes = [UInt8](Self.browser)
        for pieces in bytes.cuttings {
            let head = try #require(try parse(pieces: pieces))
            #expect(head.length == bytes.count)
            #expect(bytes.text(head.webSocketKey) == "dGhlIHNhbXBsZSBub25jZQ==")
            #expect(head.webSocketProtocols.count == 2)
            #expect(head.upgradesToWebSocket)
        }
    }

    @Test func `a head is incomplete up to its last byte`() throws {
        let bytes = [UInt8](Self.browser)
        for end in bytes.indices {
            #expect(try parse(pieces: [bytes[..<end]]) == nil)
        }
    }

    @Test(arguments: [
        ("GET /a/b?c=d?e HTTP/1.1", "/a/b", "c=d?e"),
        ("GET / HTTP/1.1", "/", nil),
        ("GET /? HTTP/1.1", "/", ""),
        ("GET //x/|'^ HTTP/1.1", "//x/|'^", nil),
        ("GET http://b.example/p?q HTTP/1.1", "/p", "q"),
        ("GET HTTP://b.example HTTP/1.1", "/", nil),
        ("GET https://b.example:1?q HTTP/1.1", "/", "q"),
        ("OPTIONS * HTTP/1.1", "*", nil),
    ])
    func `targets are split into path and query`(line: String, path: String, query: String?) throws
    {
        let bytes = [UInt8](request(line))
        let head = try #require(try parse(pieces: [bytes[...]]))
        #expect(bytes.text(head.path) == path)
        #expect(bytes.text(head.query) == query)
    }

    @Test(arguments: [
        ("GET / HTTP/1.1", RequestMethod.get), ("HEAD / HTTP/1.1", .head),
        ("OPTIONS / HTTP/1.1", .options), ("POST / HTTP/1.1", .post),
        ("PUT / HTTP/1.1", .put), ("DELETE / HTTP/1.1", .delete), ("PATCH / HTTP/1.1", .patch),
        ("TRACE / HTTP/1.1", .known), ("CONNECT a.example:443 HTTP/1.1", .known),
        ("get / HTTP/1.1", .unknown), ("BREW / HTTP/1.1", .unknown),
    ])
    func `methods are distinguished`(line: String, method: RequestMethod) throws {
        #expect(try parse(request(line))?.method == method)
    }

    @Test(arguments: [
        ("OPTIONS * HTTP/1.1", true), ("OPTIONS http://b.example HTTP/1.1", true),
        ("OPTIONS / HTTP/1.1", false), ("OPTIONS http://b.example/ HTTP/1.1", false),
        ("OPTIONS http://b.example?q HTTP/1.1", false),
    ])
    func `an OPTIONS request may concern the server as a whole`(line: String, isAsterisk: Bool)
        throws
    {
        #expect(try parse(request(line))?.isAsterisk == isAsterisk)
    }

    @Test func `an absolute target overrides Host`() throws {
        let bytes = [UInt8](request("GET http://b.example:81/ HTTP/1.1"))
        let head = try #require(try parse(pieces: [bytes[...]]))
        #expect(bytes.text(head.authority) == "b.example:81")
    }

    @Test(arguments: [
        (request("GET / HTTP/1.1"), true),
        (request("GET / HTTP/1.7"), true),
        (request("GET / HTTP/1.0"), false),
        (request("GET / HTTP/1.0", ["Connection: keep-alive"]), false),
        (get("Connection: close"), false),
        (get("Connection: x, CLOSE ,"), false),
        (get("Connection: x", "connection:close"), false),
        (get("Connection: closed"), true),
    ])
    func `a head tells whether the connection is kept alive`(text: String, keepsAlive: Bool) throws
    {
        #expect(try parse(text)?.keepsAlive == keepsAlive)
    }

    @Test(arguments: [
        (get("Upgrade: websocket", "Connection: upgrade"), true),
        (get("Upgrade: h2c, WebSocket", "Connection: keep-alive", "Connection: Upgrade"), true),
        (get("Upgrade: h2c", "Upgrade: websocket", "Connection: upgrade"), true),
        (get("Upgrade: websocket"), false),
        (get("Upgrade: websocket", "Connection: close"), false),
        (get("Connection: upgrade"), false),
        (get("Upgrade: websockets", "Connection: upgrade"), false),
        (request("GET / HTTP/1.0", ["Upgrade: websocket", "Connection: upgrade"]), false),
    ])
    func `a head tells whether it upgrades to WebSocket`(text: String, upgrades: Bool) throws {
        #expect(try parse(text)?.upgradesToWebSocket == upgrades)
    }

    @Test(arguments: [
        (get("Content-Length: 0"), RequestHead.Content.none),
        (get("Content-Length: 65536"), .length(65_536)),
        (get("Content-Length: 05"), .length(5)),
        (get("Content-Length: 5", "Content-Length: 5, 5"), .length(5)),
        (get("Transfer-Encoding: chunked"), .chunked),
        (get("Transfer-Encoding: ,", "transfer-encoding: Chunked"), .chunked),
    ])
    func `content is framed by length or chunks`(text: String, content: RequestHead.Content) throws
    {
        #expect(try parse(text)?.content == content)
    }

    @Test func `content is found behind its head, once all of it is there`() throws {
        for (field, length) in [("Content-Length: 3", 3), ("Accept: a/b", 0)] {
            let bytes = Array(get(field).utf8)
            let head = try #require(try parse(get(field)))
            for count in 0...4 {
                let arrived = bytes + [UInt8](repeating: 0x61, count: count)
                let whole = bytes.count..<bytes.count + length
                #expect(head.wholeContent(in: arrived.span) == (count >= length ? whole : nil))
            }
        }
        let chunked = try #require(try parse(get("Transfer-Encoding: chunked")))
        #expect(chunked.wholeContent(in: Array("0\r\n\r\n".utf8).span) == nil)
    }

    @Test func `an expectation of 100-continue is recognised`() throws {
        #expect(try parse(get("Expect: 100-Continue"))?.expectsContinue == true)
        let old = request("POST / HTTP/1.0", ["Expect: 100-continue"])
        #expect(try parse(old)?.expectsContinue == false)
    }

    @Test(arguments: [
        "a.example", "a.example:80", "a.example:", "127.0.0.1:8080", "[::1]", "[::1]:8080",
        "[::ffff:10.0.0.1]", "a%20b", "x_y", "A-1.Example.",
    ])
    func `valid hosts are accepted`(host: String) throws {
        #expect(try parse(request("GET / HTTP/1.1", ["Host: \(host)"])) != nil)
    }

    @Test(arguments: [
        request("GET http://b.example/ HTTP/1.1", ["Host:"]),
        request("OPTIONS * HTTP/1.1", ["Host: "]),
        request("GET / HTTP/1.0", ["Host:"]),
        request("GET / HTTP/1.0", []),
    ])
    func `an empty Host is accepted if nothing needs it`(text: String) throws {
        #expect(try parse(text) != nil)
    }

    @Test func `a few empty lines before a request are skipped`() throws {
        let text = request("GET / HTTP/1.1")
        for pieces in [UInt8]("\r\n\r\n\r\n\r\n" + text).cuttings {
            #expect(try parse(pieces: pieces)?.length == text.utf8.count + 8)
        }
        #expect(refusal("\r\n\r\n\r\n\r\n\r\n" + text) == .badRequest)
    }
}
