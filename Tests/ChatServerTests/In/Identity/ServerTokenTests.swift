import Chat
import ChatServer
import Simulation
import TestSupport
import Testing
import WebSocket

/// The ways in which a token comes, and the answers to one that isn't valid.
@Suite struct ServerTokenTests {
    private static let bad = "AAAA"

    @Test func `a token in the header makes its holder known`() throws {
        try playIdentity { simulation, _ in
            let token = simulation.token("u1", #","name":"Ann","role":"vip""#)
            let ann = simulation.connectRichly(with: "Authorization: Bearer \(token)")
            #expect(ann.types == ["welcome"])
            #expect(ann.events.first?.you?.sub == "u1")
            #expect(ann.events.first?.you?.name == "Ann")
            #expect(ann.events.first?.you?.role == "vip")
            let left = try #require(ann.events.first?.you?.timeLeft)
            #expect(left > 3_590_000 && left <= 3_600_000)
            #expect(simulation.metrics.tokensAccepted == 1)
        }
    }

    @Test func `a guest's welcome is as before`() throws {
        try playIdentity { simulation, _ in
            #expect(simulation.connectRichly().events.first?.you == nil)
        }
    }

    @Test func `a subprotocol carries a token, and isn't chosen`() throws {
        try playIdentity { simulation, _ in
            let field = "Sec-WebSocket-Protocol: bearer.\(simulation.token())"
            let ann = simulation.connectRichly(with: field)
            #expect(ann.events.first?.you?.sub == "u1")
            #expect(!ann.answer.contains("bearer"))
        }
    }

    @Test func `the header counts before the subprotocol, and that before the cookie`() throws {
        try playIdentity(cookie: "id") { simulation, _ in
            let cookie = "Cookie: id=\(simulation.token("c"))"
            let origin = "Origin: http://chat.example"
            let offer = "Sec-WebSocket-Protocol: bearer.\(simulation.token("s"))"
            let header = "authorization: bearer \(simulation.token("h"))"
            #expect(
                simulation.connectRichly(with: cookie, origin, offer, header)
                    .events.first?.you?.sub == "h")
            #expect(
                simulation.connectRichly(with: cookie, origin, offer).events.first?.you?.sub == "s")
            #expect(
                simulation.connectRichly(with: cookie, origin).events.first?.you?.sub == "c")
        }
    }

    @Test func `a bad token in the header gets 401, and nothing more`() throws {
        try playIdentity { simulation, _ in
            for token in [Self.bad, simulation.token(seconds: -1), ""] {
                let ann = simulation.connectRichly(with: "Authorization: Bearer \(token)")
                #expect(ann.answer.hasPrefix("HTTP/1.1 401 Unauthorized\r\n"))
                #expect(ann.answer.contains(#"WWW-Authenticate: Bearer error="invalid_token""#))
                #expect(token.isEmpty || !ann.answer.contains(token))
            }
            #expect(simulation.metrics.tokensRefused == 3)
        }
    }

    @Test(arguments: [true, false])
    func `a bad token by subprotocol or cookie gets a Close`(isRich: Bool) throws {
        try playIdentity(cookie: "id") { simulation, _ in
            for (token, code) in [
                (Self.bad, CloseCode.notAuthorized), (simulation.token(seconds: 0), .expired),
            ] {
                for fields in [
                    ["Sec-WebSocket-Protocol: bearer.\(token)"],
                    ["Cookie: a=b; id=\(token)", "Origin: http://chat.example"],
                ] {
                    let ann = simulation.connect()
                    ann.fields = fields
                    if isRich { ann.handshakeRichly() } else { ann.handshake() }
                    simulation.settle()
                    #expect(ann.closeCode == code)
                    #expect(ann.events == [])
                }
            }
        }
    }

    @Test func `where tokens are off, nobody looks at one`() throws {
        try playIdentity(.off) { simulation, verifier in
            let ann = simulation.connectRichly(with: "Authorization: Bearer \(Self.bad)")
            ann.authenticate(simulation.token(), id: "1")
            simulation.settle()
            #expect(ann.types == ["welcome", "error"])
            #expect(ann.errors.map(\.code) == ["forbidden"])
            #expect(verifier.count == 0)
        }
    }

    @Test func `two tokens of one kind are none`() throws {
        try playIdentity { simulation, _ in
            let offer = "Sec-WebSocket-Protocol: bearer.\(simulation.token())"
            #expect(simulation.connectRichly(with: offer, offer).closeCode == .notAuthorized)
        }
    }

    @Test func `other schemes are for proxies`() throws {
        try playIdentity { simulation, _ in
            let bob = simulation.connectRichly(with: "Authorization: Basic YTpi")
            #expect(bob.types == ["welcome"])
        }
    }

    /// A foreign page can open a connection with its visitor's cookies, but not as the visitor.
    @Test(arguments: [
        nil, "https://evil.example", "https://chat.example", "http://chat.example:8080",
        "http://chat.example.evil.example", "null",
    ])
    func `a cookie doesn't count for another origin`(origin: String?) throws {
        try playIdentity(cookie: "id") { simulation, _ in
            let ann = simulation.connect()
            ann.fields = ["Cookie: id=\(simulation.token())"]
            if let origin { ann.fields.append("Origin: \(origin)") }
            ann.handshakeRichly()
            simulation.settle()
            #expect(ann.events.first?.type == "welcome")
            #expect(ann.events.first?.you == nil)
        }
    }

    @Test func `a cookie counts for a listed origin`() throws {
        try playIdentity(cookie: "id", origins: ["https://a.example"]) { simulation, _ in
            let cookie = #"Cookie: x=1; id="\#(simulation.token())""#
            let ann = simulation.connectRichly(with: cookie, "Origin: https://a.example")
            #expect(ann.events.first?.you?.sub == "u1")
        }
    }

    @Test(arguments: ["token", "access_token", "jwt"])
    func `a token in a URL is refused, whatever it is`(field: String) throws {
        try playIdentity { simulation, _ in
            for target in ["/ws?\(field)=secret", "/ws?room=go&\(field)=secret", "/?\(field)="] {
                let ann = simulation.connect()
                ann.send("GET \(target) HTTP/1.1\r\nHost: chat.example\r\n\r\n")
                simulation.settle()
                #expect(ann.answer.hasPrefix("HTTP/1.1 400"))
                #expect(!ann.answer.contains("secret"))
            }
            #expect(!simulation.logEntries.contains { $0.contains("secret") })
            let bob = simulation.connect()
            bob.send("GET /healthz?tokens=1&xtoken=2 HTTP/1.1\r\nHost: chat.example\r\n\r\n")
            simulation.settle()
            #expect(bob.answer.hasPrefix("HTTP/1.1 200"))
        }
    }

    @Test func `the log has the reason, and never the token`() throws {
        try playIdentity { simulation, _ in
            let token = SimulatedVerifier.token(#"{"sub":"spy","exp":1}"#)
            _ = simulation.connectRichly(with: "Authorization: Bearer \(token)")
            let entries = simulation.logEntries.filter { $0.contains("A token was refused") }
            #expect(entries.count == 1)
            #expect(entries[0].contains("the token has expired"))
            #expect(!simulation.logEntries.contains { $0.contains(token) || $0.contains("spy") })
        }
    }

    @Test func `off looks at no token`() throws {
        try play(.generous()) { simulation in
            let ann = simulation.connectRichly(with: "Authorization: Bearer x")
            ann.authenticate("x", id: "1")
            simulation.settle()
            #expect(ann.errors.map(\.code) == ["forbidden"])
            #expect(ann.events.first?.you == nil)
        }
    }
}
