import ChatServer
import Simulation
import Testing

/// Content of requests that no resource wants. It is read to its end, so that nothing in it is
/// taken for a request, and the request behind it is served.
@Suite struct ServerContentTests {
    private static let head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    private static let probe = "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"

    @Test func `chunked content is skipped wherever it is cut, and the next request is served`()
        throws
    {
        let content = "5;a=b\r\nGET /\r\n1a\r\nabcdefghijklmnopqrstuvwxyz\r\n0\r\nA: b\r\n\r\n"
        let bytes = Array((Self.head + content + Self.probe).utf8)
        try play { simulation in
            for cut in 1..<bytes.count {
                let client = simulation.connect()
                client.send(bytes[..<cut])
                simulation.settle()
                client.send(bytes[cut...])
                simulation.settle()
                #expect(client.responses?.map(\.status) == [405, 200])
                #expect(client.ending == nil)
                client.link.reset()
            }
        }
    }

    @Test(arguments: [
        ("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        ("5\r\nhello\r\n0\r\nGET /healthz HTTP/1.1\r\n\r\n", 400),
        ("5\nhello\n0\n\n", 400),
        ("10001\r\n", 413),
        ("8000\r\n" + String(repeating: "x", count: 32_768) + "\r\n8001\r\n", 413),
        ("1;" + String(repeating: "x", count: 5_000), 413),
        ("0\r\nA: " + String(repeating: "x", count: 9_000), 431),
    ])
    func `content whose end can't be found ends the connection`(content: String, status: Int)
        throws
    {
        try play { simulation in
            let client = simulation.ask(Self.head + content + Self.probe)
            #expect(client.responses?.map(\.status) == [405, status])
            #expect(client.ending == .finished)
        }
    }

    @Test func `the limit of content holds for any length`() throws {
        try play(.generous { $0.bodyBytes = 2_000 }) { simulation in
            let head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: "
            let long = simulation.ask(head + "2001\r\n\r\n")
            #expect(long.status == 413)
            #expect(long.responses?.first?.content.contains("longer than 2000 bytes") == true)
            #expect(long.ending == .finished)
            let client = simulation.ask(
                head + "2000\r\n\r\n" + String(repeating: "x", count: 2_000) + Self.probe)
            #expect(client.responses?.map(\.status) == [405, 200])
        }
    }

    @Test func `chunks that trickle in don't extend the time of content`() throws {
        try play { simulation in
            let client = simulation.ask(Self.head)
            for _ in 0..<31 {
                client.send("1\r\nx\r\n")
                simulation.advance(seconds: 1)
            }
            #expect(client.responses?.map(\.status) == [405, 408])
            #expect(client.ending == .finished)
        }
    }

    @Test func `new limits don't hold for content that is under way`() throws {
        try play { simulation in
            let client = simulation.ask(Self.head + "5\r\nhel")
            simulation.change { $0.limits.bodyBytes = 1_024 }
            client.send("lo\r\n500\r\n" + String(repeating: "x", count: 0x500) + "\r\n0\r\n\r\n")
            simulation.settle()
            client.send(Self.head + "500\r\n")
            simulation.settle()
            #expect(client.responses?.map(\.status) == [405, 405, 413])
        }
    }
}
