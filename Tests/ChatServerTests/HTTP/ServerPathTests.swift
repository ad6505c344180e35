import ChatServer
import Simulation
import Testing

/// Paths that people type for a page.
@Suite struct ServerPathTests {
    private static let browser = "Accept: text/html,application/xhtml+xml;q=0.9,*/*;q=0.8\r\n"

    private func get(
        _ path: String, _ fields: String = browser, method: String = "GET"
    ) throws -> HTTPResponse {
        var found: HTTPResponse?
        try play { simulation in
            let client = simulation.ask("\(method) \(path) HTTP/1.1\r\nHost: a\r\n\(fields)\r\n")
            found = HTTPResponse.parse(client.raw, heads: method == "HEAD" ? [0] : [])?.last
            #expect(client.ending == nil)
        }
        return try #require(found)
    }

    @Test(arguments: [
        ("/r/Lobby", "/r/lobby"), ("/r/lobby/", "/r/lobby"), ("/R/lobby", "/r/lobby"),
        ("/r//lobby", "/r/lobby"), ("//r/lobby", "/r/lobby"), ("/r/%6Cobby", "/r/lobby"),
        ("/r/LOBBY/?name=Ann&x=%20", "/r/lobby?name=Ann&x=%20"), ("/r/", "/"), ("/r", "/"),
        ("/index.html", "/"), ("/index.htm?a=b", "/?a=b"), ("/INDEX.HTML", "/"), ("//", "/"),
        ("///", "/"), ("/examples/", "/examples"), ("/Examples", "/examples"),
        ("/r/lobby/index.html", "/r/lobby"),
    ])
    func `a path that is nearly right leads to the page`(path: String, target: String) throws {
        for fields in [Self.browser, ""] {
            let response = try get(path, fields)
            #expect(response.status == 308)
            #expect(response.fields["location"] == target)
            #expect(response.fields["cache-control"] == "no-store")
            let followed = try get(target, fields)
            #expect(followed.status == 200)
        }
    }

    @Test(arguments: [
        "/nowhere", "/r/a%20b", "/r/%", "/r/%zz", "/r/%ff", "/r/a/b", "/lobby", "//evil.example",
        "//evil.example/index.html", "/r/\(String(repeating: "x", count: 65))", "/../etc/passwd",
        "/%2F%2Fevil.example", "/healthz/", "/r/%+1", "/\(String(repeating: "/", count: 300))",
    ])
    func `where nothing is, a browser gets a page, and a program a line`(path: String) throws {
        let page = try get(path)
        #expect(page.status == 404)
        #expect(page.fields["content-type"] == "text/html; charset=utf-8")
        #expect(page.fields["vary"] == "Accept")
        #expect(page.fields["content-security-policy"]?.hasPrefix("default-src 'none'") == true)
        #expect(page.content.contains(#"<a href="/">"#))
        for fields in ["", "Accept: */*\r\n", "Accept: application/json, text/*\r\n"] {
            let line = try get(path, fields)
            #expect(line.status == 404)
            #expect(line.fields["content-type"] == "text/plain; charset=utf-8")
            #expect(line.fields["vary"] == "Accept")
            #expect(line.content.filter { $0 == "\n" }.count == 1)
        }
    }

    @Test func `the address of the chat itself has a page for people`() throws {
        let page = try get("/ws")
        #expect(page.status == 426)
        #expect(page.fields["upgrade"] == "websocket")
        #expect(page.fields["content-type"] == "text/html; charset=utf-8")
        #expect(page.content.contains(#"<a href="/">"#))
        #expect(try get("/ws", "").fields["content-type"] == "text/plain; charset=utf-8")
    }

    @Test func `HEAD gets the head of the page`() throws {
        let (get, head) = (try get("/nowhere"), try get("/nowhere", method: "HEAD"))
        #expect(head.fields["content-length"] == get.fields["content-length"])
        #expect(head.fields["content-type"] == get.fields["content-type"])
    }

    /// Every kind of response, and what a cache may keep of it.
    @Test(arguments: [
        ("GET /", "", 200, "no-cache"), ("GET /r/lobby", "", 200, "no-cache"),
        ("GET /hubbub.js", "", 200, "no-cache"), ("GET /examples", "", 200, "no-cache"),
        ("HEAD /", "", 200, "no-cache"), ("GET /healthz", "", 200, "no-store"),
        ("HEAD /healthz", "", 200, "no-store"), ("GET /readyz", "", 200, "no-store"),
        ("GET /metrics", "", 200, "no-store"), ("HEAD /metrics", "", 200, "no-store"),
        ("GET /ws", "", 426, "no-store"), ("GET /ws", browser, 426, "no-store"),
        ("GET /nowhere", "", 404, "no-store"), ("GET /nowhere", browser, 404, "no-store"),
        ("GET /r/No", "", 308, "no-store"), ("POST /", "Content-Length: 0\r\n", 405, "no-store"),
        ("OPTIONS /", "", 204, "no-store"), ("BREW /", "", 501, "no-store"),
        ("GET / ", "", 400, "no-store"),
    ])
    func `each response says what may be kept`(
        line: String, fields: String, status: Int, caching: String
    ) throws {
        try play { simulation in
            let client = simulation.ask("\(line) HTTP/1.1\r\nHost: a\r\n\(fields)\r\n")
            let text = String(decoding: client.raw, as: UTF8.self)
            #expect(text.hasPrefix("HTTP/1.1 \(status) "))
            #expect(text.contains("\r\nCache-Control: \(caching)\r\n"))
            #expect(text.ranges(of: "\r\nCache-Control: ").count == 1)
        }
    }

    @Test func `what has not changed says so too`() throws {
        let tag = try #require(try get("/").fields["etag"])
        let response = try get("/", "If-None-Match: \(tag)\r\n")
        #expect(response.status == 304)
        #expect(response.fields["cache-control"] == "no-cache")
    }
}
