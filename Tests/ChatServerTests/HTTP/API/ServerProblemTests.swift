import Chat
import ChatServer
import Simulation
import TestSupport
import Testing
import WebSocket

/// Requests of the API that fail, and hostile ones.
@Suite struct ServerProblemTests {
    private static let json = "Content-Type: application/json"

    @Test(arguments: [
        ("POST /api/v1/rooms/lobby/messages", 401, "invalid_token"),
        ("PUT /api/v1/rooms/lobby/messages", 405, "method_not_allowed"),
        ("DELETE /api/v1/rooms/lobby/messages", 405, "method_not_allowed"),
        ("TRACE /api/v1/rooms/lobby/messages", 405, "method_not_allowed"),
        ("BREW /api/v1/rooms/lobby/messages", 405, "method_not_allowed"),
        ("POST /api/v1/rooms/Lobby/messages", 404, "invalid_room"),
        ("POST /api/v1/rooms/../messages", 404, "invalid_room"),
        ("POST /api/v1/rooms/./messages", 404, "invalid_room"),
        ("POST /api/v1/rooms//messages", 404, "invalid_room"),
        ("POST /api/v1/rooms/lobby/messages/", 404, "not_found"),
        ("POST /api/v1/rooms/lobby/lines", 404, "not_found"),
        ("POST /api/v1/rooms/*/messages", 404, "invalid_room"),
        ("POST /api/v1/rooms/%2E%2E/messages", 404, "invalid_room"),
        ("POST /api/v1/rooms/a%2/messages", 404, "invalid_room"),
        ("POST /api/v1/rooms/a%2Fb/messages", 404, "invalid_room"),
        ("DELETE /api/v1/rooms/lobby/messages/x", 404, "not_found"),
        ("DELETE /api/v1/rooms/lobby/messages/18446744073709551616", 404, "not_found"),
        ("GET /api/v2/rooms", 404, "not_found"),
        ("GET /api/", 404, "not_found"),
        ("POST /api/v1/rooms/lobby/messages?token=secret", 400, "malformed"),
    ])
    func `a path and a method have their answers`(line: String, status: Int, code: String) throws {
        try playIdentity { simulation, _ in
            // Content is dropped, so the next request is served.
            let request = "\(line) HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello"
            let client = simulation.ask(request + request)
            client.expect(status, code)
            #expect(client.responses?.count == 2)
            let fields = client.responses?.last?.fields
            #expect(fields?["www-authenticate"] == (status == 401 ? "Bearer" : nil))
            #expect(fields?["allow"] == (status == 405 ? "POST, GET, HEAD, OPTIONS" : nil))
        }
    }

    @Test func `OPTIONS names the methods, and HEAD gets no content`() throws {
        try playIdentity { simulation, _ in
            let tail = "/api/v1/rooms/lobby/messages HTTP/1.1\r\nHost: a\r\n\r\n"
            let options = simulation.ask("OPTIONS " + tail)
            #expect(options.status == 204)
            #expect(options.responses?.last?.fields["allow"] == "POST, GET, HEAD, OPTIONS")
            let head = simulation.ask("HEAD " + tail)
            #expect(head.raw.suffix(4) == Array("\r\n\r\n".utf8)[...])
        }
    }

    @Test func `a request is refused for its token`() throws {
        try playIdentity { simulation, _ in
            for token in ["AAAA", "", simulation.token(seconds: 0)] {
                let client = simulation.ask(
                    simulation.request("Authorization: Bearer \(token)", [Self.json], ""))
                client.expect(401, token.count > 4 ? "token_expired" : "invalid_token")
                #expect(
                    client.responses?.last?.fields["www-authenticate"]
                        == #"Bearer error="invalid_token""#)
            }
            let two = "Authorization: Bearer \(simulation.token())"
            simulation.ask(simulation.request(two, [two, Self.json])).expect(401, "invalid_token")
            simulation.ask(simulation.post(claims: #","rooms":{"go":"member"}"#)).expect(
                403,
                "forbidden")
        }
        try playIdentity(.off) { simulation, _ in
            simulation.ask(simulation.post()).expect(403, "forbidden")
        }
    }

    @Test(arguments: [
        ("{", 400, "invalid_json"), ("", 400, "invalid_json"), ("[]", 422, "invalid_command"),
        ("{}", 422, "invalid_command"), (#"{"message":1}"#, 422, "invalid_command"),
        (#"{"message":" ","username":"a"}"#, 422, "message_empty"),
        (#"{"message":"hi","username":7}"#, 422, "invalid_command"),
        (#"{"message":"hi"}"#, 422, "invalid_username"),
        (#"{"message":"hi","username":"\u0000"}"#, 422, "invalid_username"),
    ])
    func `content is checked`(json: String, status: Int, code: String) throws {
        try playIdentity(disk: Disk()) { simulation, _ in
            let request = simulation.request(
                "Authorization: Bearer \(simulation.token())",
                [Self.json, "Content-Length: \(json.utf8.count)"], json)
            let client = simulation.ask(request + request)
            client.expect(status, code)
            #expect(client.responses?.count == 2)
        }
    }

    @Test func `content must be JSON in UTF-8`() throws {
        try playIdentity { simulation, _ in
            let bearer = "Authorization: Bearer \(simulation.token())"
            for fields in [
                [], ["Content-Type: text/plain"], ["Content-Type: application/jsonx"],
                [Self.json, Self.json], [Self.json, "Content-Encoding: gzip"],
            ] {
                let client = simulation.ask(
                    simulation.request(bearer, fields + ["Content-Length: 2"], "{}"))
                client.expect(415, "unsupported_media_type")
            }
            let client = simulation.connect()
            let head = simulation.request(bearer, [Self.json, "Content-Length: 3"])
            client.send(Array(head.utf8) + [0x22, 0xFF, 0x22])
            simulation.settle()
            client.expect(400, "invalid_json")
            for key in ["", "\"\"", "\"", "a\"b", "é", String(repeating: "x", count: 65)] {
                simulation.ask(simulation.post(id: key)).expect(400, "invalid_command")
            }
        }
    }

    // MARK: Hostile requests

    @Test func `content over the limit is refused before it arrives`() throws {
        let small = { (limits: inout Limits) in limits.bodyBytes = 2_000 }
        try playIdentity(limits: small) { simulation, _ in
            let bearer = "Authorization: Bearer \(simulation.token())"
            let long = simulation.ask(
                simulation.request(bearer, [Self.json, "Content-Length: 2001"]))
            long.expect(413, "content_too_large", isKept: false)
            #expect(long.answered("reason") == "The content is longer than 2000 bytes.")
            let waiting = simulation.ask(
                simulation.request(
                    bearer, [Self.json, "Content-Length: 2001", "Expect: 100-continue"]))
            #expect(waiting.statuses == [413])
            let chunked = simulation.ask(
                simulation.request(bearer, [Self.json, "Transfer-Encoding: chunked"], "7d1\r\n"))
            chunked.expect(413, "content_too_large", isKept: false)
        }
    }

    @Test(arguments: [
        ("Content-Length: 5\r\nTransfer-Encoding: chunked", "0\r\n\r\n", 400, "malformed"),
        ("Content-Length: 5\r\nContent-Length: 6", "hello", 400, "malformed"),
        ("Transfer-Encoding: gzip, chunked", "0\r\n\r\n", 501, "not_implemented"),
        ("Transfer-Encoding: chunked", "5\nhello\n0\n\n", 400, "malformed"),
        ("Transfer-Encoding: chunked", "0\r\nGET /healthz HTTP/1.1\r\n\r\n", 400, "malformed"),
        ("Transfer-Encoding: chunked", "2\r\n{}\r\n0x0\r\n\r\n", 400, "malformed"),
    ])
    func `what could be smuggled is refused, and nothing behind it is served`(
        framing: String, content: String, status: Int, code: String
    ) throws {
        try playIdentity { simulation, _ in
            let bearer = "Authorization: Bearer \(simulation.token())"
            let client = simulation.ask(
                simulation.request(bearer, [Self.json, framing], content)
                    + "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
            client.expect(status, code, isKept: false)
            #expect(client.responses?.count == 1)
        }
    }

    @Test func `a connection over the limit isn't served`() throws {
        let one = { (limits: inout Limits) in limits.connections = 1 }
        try playIdentity(limits: one) { simulation, _ in
            let bob = simulation.connectRichly()
            let client = simulation.ask(simulation.post())
            #expect(client.statuses == [503])
            #expect(client.ending == .finished)
            #expect(bob.ending == nil)
        }
    }

    @Test func `content that trickles in has a deadline, and counts for the budget`() throws {
        try playIdentity { simulation, _ in
            let bearer = "Authorization: Bearer \(simulation.token())"
            let client = simulation.ask(
                simulation.request(bearer, [Self.json, "Content-Length: 60000"]))
            let before = simulation.inspection.accountedBytes
            #expect(before < 4_096)
            client.send([UInt8](repeating: 32, count: 30_000))
            simulation.settle()
            #expect(simulation.inspection.accountedBytes >= 30_000)
            for _ in 0..<31 {
                client.send(" ")
                simulation.advance(seconds: 1)
            }
            client.expect(408, "request_timeout", isKept: false)
            #expect(simulation.inspection.accountedBytes <= before)
        }
    }
}
