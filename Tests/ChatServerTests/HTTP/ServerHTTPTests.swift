import Simulation
import Testing
import WebSocket

@Suite struct ServerHTTPTests {
    struct Example: Sendable, CustomTestStringConvertible {
        let request: String
        let status: Int
        var field: [String: String] = [:]
        var content = ""

        var testDescription: String { String(request.prefix(60)).debugDescription }
    }

    private static let host = "Host: chat.example\r\n"
    private static let upgrade = """
        Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n
        """

    private static let examples = [
        Example(
            request: "GET / HTTP/1.1\r\n\(host)\r\n", status: 200,
            field: ["content-type": "text/html; charset=utf-8"],
            content: "Welcome to the Chat Room!"),
        Example(request: "GET http://chat.example/ HTTP/1.1\r\n\(host)\r\n", status: 200),
        Example(request: "GET /?a=b HTTP/1.1\r\n\(host)\r\n", status: 200),
        Example(request: "GET /healthz HTTP/1.1\r\n\(host)\r\n", status: 200),
        Example(request: "GET /readyz HTTP/1.1\r\n\(host)\r\n", status: 200),
        Example(
            request: "GET /metrics HTTP/1.1\r\n\(host)\r\n", status: 200,
            content: "hubbub_connections 1\n"),
        Example(
            request: "OPTIONS * HTTP/1.1\r\n\(host)\r\n", status: 204,
            field: ["allow": "GET, HEAD, OPTIONS"]),
        Example(request: "GET /nowhere HTTP/1.1\r\n\(host)\r\n", status: 404),
        Example(
            request: "POST / HTTP/1.1\r\n\(host)Content-Length: 0\r\n\r\n", status: 405,
            field: ["allow": "GET, HEAD, OPTIONS"]),
        Example(
            request: "GET /ws HTTP/1.1\r\n\(host)\r\n", status: 426,
            field: ["upgrade": "websocket", "sec-websocket-version": "13"]),
        Example(request: "GET /ws?room=A HTTP/1.1\r\n\(host)\(upgrade)\r\n", status: 400),
        Example(
            request: "GET /ws HTTP/1.1\r\n\(host)\(upgrade)Origin: https://evil.example\r\n\r\n",
            status: 403),
        Example(request: "GET / HTTP/1.1\r\n\r\n", status: 400),
        Example(request: "GET / HTTP/1.1\r\n\(host)\(host)\r\n", status: 400),
        Example(request: "GET / HTTP/1.1\n\(host)\r\n", status: 400),
        Example(
            request: "GET /\(String(repeating: "x", count: 20_000)) HTTP/1.1\r\n", status: 414),
        Example(
            request: "GET / HTTP/1.1\r\n\(host)A: \(String(repeating: "x", count: 20_000))\r\n\r\n",
            status: 431),
        Example(request: "BREW / HTTP/1.1\r\n\(host)\r\n", status: 501),
        Example(request: "GET / HTTP/2.0\r\n\(host)\r\n", status: 505),
    ]

    @Test(arguments: examples)
    func `a request gets its status`(_ example: Example) throws {
        try play(origins: ["https://chat.example"]) { simulation in
            let client = simulation.ask(example.request)
            let response = try #require(client.responses?.last)
            #expect(response.status == example.status)
            for (name, value) in example.field { #expect(response.fields[name] == value) }
            #expect(example.content.isEmpty || response.content.contains(example.content))
            #expect(response.fields["date"]?.hasSuffix(" GMT") == true)
        }
    }

    @Test func `HEAD gets the head of GET`() throws {
        try play { simulation in
            let get = simulation.ask("GET / HTTP/1.1\r\n\(Self.host)\r\n")
            let head = simulation.ask("HEAD / HTTP/1.1\r\n\(Self.host)\r\n")
            let response = try #require(HTTPResponse.parse(head.raw, heads: [0])?.first)
            #expect(response.fields == get.responses?.first?.fields)
            #expect(head.raw.suffix(4) == Array("\r\n\r\n".utf8)[...])
        }
    }

    /// A page that was made anew would count the responses before it.
    @Test func `requests for metrics share the page of their tick`() throws {
        try play { simulation in
            let get = "GET /metrics HTTP/1.1\r\n\(Self.host)\r\n"
            let (client, other) = (simulation.connect(), simulation.connect())
            client.send(get + get)
            other.send(get)
            simulation.settle()
            let pages = try [client, other].flatMap { try #require($0.responses).map(\.content) }
            #expect(pages.count == 3)
            #expect(Set(pages).count == 1)
            client.send(get)
            simulation.settle()
            #expect(client.responses?.last?.content.contains(#"{code="200"} 3"#) == true)
        }
    }

    @Test func `HEAD gets no metrics`() throws {
        try play { simulation in
            let head = simulation.ask("HEAD /metrics HTTP/1.1\r\n\(Self.host)\r\n")
            let response = try #require(HTTPResponse.parse(head.raw, heads: [0])?.first)
            #expect(response.status == 200)
            #expect(response.fields["content-type"]?.hasPrefix("text/plain") == true)
            #expect(response.fields["content-length"] == nil)
            #expect(head.raw.suffix(4) == Array("\r\n\r\n".utf8)[...])
            #expect(head.ending == nil)
        }
    }

    @Test func `requests in one packet are answered in order`() throws {
        try play { simulation in
            let paths = ["/healthz", "/", "/nowhere", "/readyz", "/metrics"]
            let client = simulation.ask(
                paths.map { "GET \($0) HTTP/1.1\r\n\(Self.host)\r\n" }.joined())
            #expect(client.responses?.map(\.status) == [200, 200, 404, 200, 200])
            #expect(client.ending == nil)
            client.send("GET /healthz HTTP/1.1\r\n\(Self.host)\r\n")
            simulation.settle()
            #expect(client.responses?.count == 6)
        }
    }

    @Test(arguments: [
        "GET / HTTP/1.1\r\n\(host)Connection: close\r\n\r\n",
        "GET / HTTP/1.0\r\n\(host)\r\n",
        "POST / HTTP/1.0\r\n\(host)Content-Length: 50\r\n\r\n",
        "POST / HTTP/1.1\r\n\(host)Expect: 100-continue\r\nContent-Length: 50\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\n",
    ])
    func `nothing is answered after the last response`(_ request: String) throws {
        try play { simulation in
            let client = simulation.ask(request + "GET /healthz HTTP/1.1\r\n\(Self.host)\r\n")
            #expect(client.responses?.count == 1)
            #expect(client.responses?.first?.fields["connection"] == "close")
            #expect(client.ending == .finished)
            simulation.settle()
            #expect(simulation.connectionCount == 0)
        }
    }

    @Test func `content is skipped, and the next request is served`() throws {
        try play { simulation in
            let head = "POST / HTTP/1.1\r\n\(Self.host)Content-Length: 37\r\n\r\n"
            let client = simulation.ask(head)
            client.send("GET / HTTP/1.1\r\n")
            simulation.settle()
            client.send(String(repeating: "x", count: 21) + "GET /healthz HTTP/1.1\r\n")
            simulation.settle()
            client.send("\(Self.host)\r\n")
            simulation.settle()
            #expect(client.responses?.map(\.status) == [405, 200])
        }
    }

    @Test func `a handshake may be cut anywhere`() throws {
        let request = Array("GET /ws HTTP/1.1\r\n\(Self.host)\(Self.upgrade)\r\n".utf8)
        try play { simulation in
            for cut in 1..<request.count {
                let client = simulation.connect()
                client.send(request[..<cut])
                simulation.settle()
                #expect(client.raw.isEmpty)
                client.send(request[cut...])
                simulation.settle()
                #expect(client.raw.starts(with: "HTTP/1.1 101 ".utf8))
                client.link.reset()
            }
            let client = simulation.connect()
            for byte in request {
                client.send([byte])
                simulation.settle()
            }
            #expect(client.raw.starts(with: "HTTP/1.1 101 ".utf8))
        }
    }

    @Test func `frames may follow directly after the handshake`() throws {
        try play { simulation in
            let client = simulation.connect()
            client.handshake()
            client.send(.ping, "a".utf8)
            client.send(.text, "nonsense".utf8)
            client.say("hi")
            simulation.settle()
            #expect(client.lines.map(\.message) == ["hi"])
            #expect(client.pongs == [Array("a".utf8)])
            #expect(client.errorCodes == ["invalid_json"])
        }
    }

    @Test func `a connection may become a WebSocket after other requests`() throws {
        try play { simulation in
            let client = simulation.connect()
            client.send("GET / HTTP/1.1\r\n\(Self.host)\r\n")
            client.send("GET /ws HTTP/1.1\r\n\(Self.host)\r\n")
            client.send("GET /ws HTTP/1.1\r\n\(Self.host)\(Self.upgrade)\r\n")
            client.send(client.frame(.ping, "a".utf8))
            simulation.settle()
            let pong: [UInt8] = [0x8A, 1, UInt8(ascii: "a")]
            #expect(client.raw.suffix(3) == pong[...])
            #expect(HTTPResponse.parse(client.raw.dropLast(3))?.map(\.status) == [200, 426, 101])
        }
    }
}
