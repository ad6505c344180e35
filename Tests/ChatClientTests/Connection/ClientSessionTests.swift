import ChatClient
import Testing
import WebSocket

@Suite struct ClientSessionTests {
    private static let rules = ClientRules(messageBytes: 1_000, subprotocols: ["b", "hubbub.v1"])

    /// The frames of a whole connection, and the client's events.
    private static let frames =
        ServerEnd.frame(.text, "hi") + ServerEnd.frame(.ping, "are you there?")
        + ServerEnd.frame(.text, "ü", isFinal: false) + ServerEnd.frame(.pong, "")
        + ServerEnd.frame(.continuation, "ber") + ServerEnd.frame(.binary, "b")
        + ServerEnd.frame(.text, String(repeating: "x", count: 300))
        + ServerEnd.close(.goingAway)
    private static let events = [
        "opened hubbub.v1", "text hi", "ping are you there?", "pong ", "text über", "binary b",
        "text " + String(repeating: "x", count: 300), "closed 1001",
    ]
    private static let answers = ["pong are you there?", "close 1001"]

    /// A client whose request was answered with the response and the frames, cut into pieces.
    private func feed(cutAt cuts: (Int) -> [Int]) throws {
        let client = ClientEnd(rules: Self.rules)
        let request = client.takeSent()
        let all =
            try ServerEnd.response(to: request, subprotocols: ["hubbub.v1"]) + Self.frames
            + ServerEnd.frame(.text, "after the end")
        var start = 0
        for cut in cuts(all.count) + [all.count] {
            client.receive(Array(all[start..<cut]))
            start = cut
        }
        #expect(client.events == Self.events)
        #expect(try ServerEnd.read(client.sent) == Self.answers)
        #expect(client.state == .opened(.closed))
        client.end()
        #expect(client.events == Self.events)
    }

    @Test func `a connection's bytes may arrive at once`() throws {
        try feed { _ in [] }
    }

    @Test func `a connection's bytes may arrive one by one`() throws {
        try feed { Array(1..<$0) }
    }

    @Test func `a connection's bytes may be cut at every position`() throws {
        var count = 0
        try feed { all in
            count = all
            return []
        }
        for cut in 1..<count { try feed { _ in [cut] } }
    }

    @Test func `texts are masked, and sent only while the connection is open`() throws {
        let client = ClientEnd()
        let request = client.takeSent()
        #expect(!client.isOpen)
        client.receive(try ServerEnd.response(to: request))
        #expect(client.isOpen)
        client.send("hi")
        #expect(client.sent.prefix(2) == [0x81, 0x82])
        client.send("ho")
        client.close(.normal)
        client.close(.normal)
        #expect(!client.isOpen)
        #expect(try ServerEnd.read(client.sent) == ["text hi", "text ho", "close 1000"])
        client.receive(ServerEnd.frame(.text, "unheard") + ServerEnd.close(.normal))
        #expect(client.events == ["opened -", "closed 1000"])
        #expect(client.state == .opened(.closed))
    }

    @Test func `a violation is answered with its close code`() throws {
        let client = ClientEnd()
        let request = client.takeSent()
        client.receive(try ServerEnd.response(to: request))
        client.receive([0x83, 0x00, 0x81, 0x00])
        #expect(
            client.events == ["opened -", "failed: it broke RFC 6455: The opcode is reserved."])
        #expect(try ServerEnd.read(client.sent) == ["close 1002"])
    }

    @Test func `a client that answers neither pings nor Closes sends nothing`() throws {
        var rules = ClientRules(messageBytes: 100)
        (rules.answersPings, rules.answersCloses) = (false, false)
        let client = ClientEnd(rules: rules)
        let request = client.takeSent()
        client.receive(
            try ServerEnd.response(to: request) + ServerEnd.frame(.ping, "") + ServerEnd.close(nil))
        #expect(client.events == ["opened -", "ping ", "closed 0"])
        #expect(client.sent.isEmpty)
        #expect(client.state == .opened(.closing(startedBy: .peer)))
        client.close(.normal)
        #expect(try ServerEnd.read(client.sent) == ["close 1000"])
    }

    @Test func `compression is agreed on in both directions`() throws {
        let offer = DeflateParameters(clientMaxWindowBits: 15)
        let client = ClientEnd(rules: ClientRules(messageBytes: 1_000, deflate: offer))
        let request = client.takeSent()
        client.receive(try ServerEnd.response(to: request, deflate: DeflatePolicy()))
        let text = String(repeating: "compressed ", count: 20)
        let deflater = try #require(Deflater(windowBits: 15, keepsContext: false))
        let bytes = Array(text.utf8)
        var (deflated, frame): ([UInt8], [UInt8]) = ([], [])
        deflater.deflate(bytes.span, into: &deflated)
        FrameEncoder.append(.text, deflated.span, rsv1: true, to: &frame)
        client.receive(frame)
        #expect(client.events == ["opened -", "text \(text)"])
        client.send(text)
        #expect(client.sent.first == 0xC1)
        #expect(client.sent.count < bytes.count / 2)
    }

    @Test(arguments: [
        (
            "HTTP/1.1 503 Service Unavailable\r\nretry-after:  7\r\nA: b\r\n\r\nFull.\nTry later.",
            "503 Service Unavailable: Full"
        ),
        ("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", "403 Forbidden"),
        ("HTTP/1.1 299 \r\n\r\n\u{1B}[31m", "299"),
    ])
    func `a refusal is reported with its text`(response: String, told: String) {
        for cut in 1..<response.utf8.count {
            let client = ClientEnd()
            client.receive(Array(response.utf8.prefix(cut)))
            client.receive(Array(response.utf8.dropFirst(cut)))
            // Only the text that arrives with the end of the head is kept.
            let event = client.events.first ?? ""
            #expect(client.events.count == 1)
            #expect(event.hasPrefix("failed: it refused the opening handshake with "))
            #expect("failed: it refused the opening handshake with \(told)".hasPrefix(event))
            #expect(client.state == .refused)
        }
    }

    @Test(arguments: [
        "HTTP/1.1 101 x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n", "hello\r\n",
    ])
    func `an invalid answer is reported`(response: String) {
        let client = ClientEnd()
        client.receive(Array(response.utf8))
        #expect(client.events.count == 1)
        #expect(client.events.first?.hasPrefix("failed: it gave no valid answer") == true)
    }

    @Test func `an end without a Close is a failure, before the handshake and after`() throws {
        let early = ClientEnd()
        early.end()
        #expect(early.events == ["ended"])
        let late = ClientEnd()
        let request = late.takeSent()
        late.receive(try ServerEnd.response(to: request))
        late.end()
        #expect(late.events == ["opened -", "ended"])
    }
}
