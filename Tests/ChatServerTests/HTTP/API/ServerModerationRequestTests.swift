import Chat
import ChatServer
import Identity
import Simulation
import TestSupport
import Testing

/// Moderation by requests, with static keys.
@Suite struct ServerModerationRequestTests {
    private static let key = ServerRequestTests.key
    private static let member = ServerRequestTests.member

    @Test(arguments: [nil, Disk()])
    func `each command of moderation has a resource`(disk: Disk?) throws {
        try ServerRequestTests.play(disk: disk) { simulation in
            let bob = simulation.connectRichly()
            bob.join("lobby", as: "bob", rev: 0, id: "join")
            simulation.settle()
            for text in ["one", "two", "three"] { bob.say(text, in: "lobby") }
            simulation.settle()
            func act(_ name: String, _ json: String, _ room: String = "lobby") -> Client {
                let answer = simulation.send("POST", "/rooms/\(room)/\(name)", json, as: Self.key)
                #expect(answer.status == 200, "\(name)")
                return answer
            }
            #expect(
                simulation.send("DELETE", "/rooms/lobby/messages/1", as: Self.key).answered("rev")
                    == "1")
            #expect(act("delete", #"{"seqs":[2]}"#).answered("rev") == "2")
            #expect(act("undo", #"{"rev":2}"#).answered("rev") == "3")
            #expect(act("purge", #"{"matching":"three"}"#).answered("rev") == "4")
            #expect(act("panic", #"{"on":true}"#).answered("rev") == "5")
            #expect(act("panic", #"{"on":false}"#).answered("rev") == "6")
            let patch = simulation.send(
                "PATCH", "/rooms/lobby", #"{"slow_seconds":3}"#, as: Self.key)
            #expect(patch.answered("rev") == "7")
            #expect(
                act("terms", #"{"add":[{"term":"bad","action":"hold"}]}"#).answered("rev") == "8")
            #expect(act("timeout", #"{"user":"u9"}"#).answered("rev") == "9")
            #expect(act("ban", #"{"user":"u8","reason":"spam"}"#).answered("rev") == "10")
            #expect(act("unban", #"{"rev":10}"#).answered("rev") == "11")
            #expect(act("ban", #"{"user":"u7"}"#, "*").answered("rev") == "1")
            let said = simulation.send(
                "POST", "/rooms/lobby/announce", #"{"message":"Hello"}"#, as: Self.key)
            #expect((said.status, said.answered("seq")) == (201, "4"))
            simulation.settle()
            #expect(bob.events("deleted").count == 2)
            #expect(bob.lines.last?.role == "system")
            let bearer = "Authorization: Bearer \(Self.key)"
            #expect(simulation.get("/rooms/lobby/bans", bearer).answered("user") == "u9")
            #expect(simulation.get("/rooms/*/bans", bearer).answered("user") == "u7")
            #expect(simulation.get("/rooms/lobby/terms", bearer).answered("term") == "bad")
            let log = simulation.get("/rooms/lobby/modlog?limit=2", bearer)
            #expect(log.answered("by") == "key:shop")
            #expect(log.responses?.last?.content.hasSuffix(#""more":true}"#) == true)
        }
    }

    @Test(arguments: [nil, Disk()])
    func `a line that waits is approved or rejected`(disk: Disk?) throws {
        try ServerRequestTests.play(disk: disk) { simulation in
            let bob = simulation.enter(as: "bob")
            _ = simulation.send(
                "PATCH", "/rooms/lobby", #"{"hold_seconds":600}"#, as: Self.key)
            var held: [String] = []
            for text in ["yes", "no"] {
                let answer = simulation.send(
                    "POST", "/rooms/lobby/messages", #"{"message":"\#(text)"}"#, as: Self.member)
                #expect(answer.status == 202)
                held.append(try #require(answer.answered("held")))
            }
            for (name, line) in zip(["approve", "reject"], held) {
                let answer = simulation.send(
                    "POST", "/rooms/lobby/\(name)", #"{"held":"\#(line)"}"#, as: Self.key)
                #expect(answer.status == 200)
            }
            simulation.settle()
            #expect(bob.lines.map(\.message) == ["yes"])
            simulation.send("POST", "/rooms/lobby/approve", #"{"held":"99"}"#, as: Self.key)
                .expect(404, "not_found")
        }
    }

    @Test(arguments: [nil, Disk()])
    func `the right is checked, and the same key does it once`(disk: Disk?) throws {
        try ServerRequestTests.play(disk: disk) { simulation in
            let order = #"{"user":"u9"}"#
            for room in ["lobby", "*"] {
                simulation.send("POST", "/rooms/\(room)/ban", order, as: Self.member).expect(
                    403, "forbidden")
            }
            let token = simulation.token("m", #","rooms":{"lobby":"moderator"}"#)
            simulation.send("POST", "/rooms/go/ban", order, as: token).expect(403, "forbidden")
            simulation.send("POST", "/rooms/*/ban", order, as: token).expect(403, "forbidden")
            let first = simulation.send(
                "POST", "/rooms/lobby/ban", order, as: token, "Idempotency-Key: x")
            let second = simulation.send(
                "POST", "/rooms/lobby/ban", order, as: token, "Idempotency-Key: x")
            #expect(first.answered("rev") == "1")
            #expect(second.responses?.last?.content == first.responses?.last?.content)
            simulation.send(
                "POST", "/rooms/lobby/ban", #"{"user":"u8"}"#, as: token, "Idempotency-Key: x"
            ).expect(409, "id_reused")
            for (path, json) in [
                ("ban", "{}"), ("ban", #"{"user":"a","username":"b"}"#), ("purge", "{}"),
                ("terms", "{}"), ("delete", #"{"seqs":[]}"#), ("panic", #"{"on":1}"#),
                ("undo", "{}"), ("announce", #"{"message":" "}"#),
            ] {
                let answer = simulation.send("POST", "/rooms/lobby/\(path)", json, as: token)
                #expect(answer.status == 422, "\(path)")
            }
            #expect(
                simulation.send("PATCH", "/rooms/lobby", "{}", as: token).status == 422)
        }
    }

    @Test func `an owner's key speaks for others, and no other does`() throws {
        try ServerRequestTests.play(disk: Disk()) { simulation in
            let bob = simulation.enter(as: "bob")
            let others = #"{"message":"m","username":"cy","user":"irc:cy","role":"vip"}"#
            for (json, key) in [
                (#"{"message":"m"}"#, Self.key), (others, Self.key),
                (#"{"message":"m","username":"cy"}"#, Self.key), (others, Self.member),
            ] {
                #expect(
                    simulation.send("POST", "/rooms/lobby/messages", json, as: key).status == 201)
            }
            #expect(bob.lines.map(\.username) == ["shop", "cy", "cy", "bot"])
            #expect(bob.lines.map(\.user) == ["key:shop", "irc:cy", "key:shop", "key:bot"])
            #expect(bob.lines.map(\.role) == ["owner", "vip", nil, nil])
            for json in [
                #"{"message":"m","user":"key:x"}"#, #"{"message":"m","user":""}"#,
                #"{"message":"m","role":"king"}"#, #"{"message":"m","user":7}"#,
            ] {
                simulation.send("POST", "/rooms/lobby/messages", json, as: Self.key).expect(
                    422, "invalid_command")
            }
            // Those for whom it speaks can be banned.
            _ = simulation.send(
                "POST", "/rooms/lobby/ban", #"{"user":"irc:cy"}"#, as: Self.key)
            simulation.send("POST", "/rooms/lobby/messages", others, as: Self.key).expect(
                403, "banned")
        }
    }

    @Test func `a key that is taken away doesn't count any more`() throws {
        try ServerRequestTests.play { simulation in
            let bearer = "Authorization: Bearer \(Self.key)"
            #expect(simulation.get("/rooms", bearer).status == 200)
            simulation.change { $0.apiKeys = APIKeys() }
            simulation.settle()
            simulation.get("/rooms", bearer).expect(401, "invalid_token")
        }
    }

    @Test func `the rate of lines is told`() throws {
        let slow = { (limits: inout Limits) in
            (limits.chat.linesPerSecond, limits.chat.lineBurst) = (2, 2)
        }
        try ServerRequestTests.play(limits: slow) { simulation in
            let line = #"{"message":"m"}"#
            let first = simulation.send("POST", "/rooms/a/messages", line, as: Self.member)
            #expect(first.field("ratelimit-policy") == #""lines";q=2;w=1"#)
            #expect(first.field("ratelimit") == #""lines";r=1;t=1"#)
            let second = simulation.send("POST", "/rooms/b/messages", line, as: Self.member)
            #expect(second.field("ratelimit")?.hasPrefix(#""lines";r=0"#) == true)
            let third = simulation.send("POST", "/rooms/c/messages", line, as: Self.member)
            third.expect(429, "rate_limited")
            #expect(third.field("retry-after") == "1")
            // Nothing limits an owner.
            for _ in 1...20 {
                let owner = simulation.send("POST", "/rooms/a/messages", line, as: Self.key)
                #expect(owner.status == 201)
                #expect(owner.field("ratelimit") == nil)
            }
        }
    }

    @Test func `pages of allowed origins may ask, and no others`() throws {
        try playIdentity(cookie: "session", origins: ["https://a.example"], disk: Disk()) {
            simulation, _ in
            let own = simulation.get("/rooms/lobby/messages", "Origin: https://a.example")
            #expect(own.field("access-control-allow-origin") == "https://a.example")
            #expect(own.field("access-control-allow-credentials") == "true")
            #expect(own.field("vary") == "Origin")
            let other = simulation.get("/rooms/lobby/messages", "Origin: https://b.example")
            #expect(other.status == 200)
            #expect(other.field("access-control-allow-origin") == nil)
            #expect(other.field("vary") == "Origin")
            let error = simulation.get("/rooms", "Origin: https://a.example")
            #expect(error.field("access-control-allow-origin") == "https://a.example")
            let asked = simulation.ask(
                "OPTIONS /api/v1/rooms/go HTTP/1.1\r\nHost: a\r\nOrigin: https://a.example\r\n"
                    + "Access-Control-Request-Method: PATCH\r\n\r\n")
            #expect(asked.status == 204)
            #expect(asked.field("access-control-allow-methods") == "GET, HEAD, PATCH, OPTIONS")
            #expect(asked.field("access-control-allow-headers")?.contains("Authorization") == true)
            // A cookie counts for a page that is trusted, and only to read.
            let cookie = "Cookie: session=\(simulation.token())"
            let page = simulation.get("/rooms", cookie, "Origin: https://a.example")
            #expect(page.status == 200)
            simulation.get("/rooms", cookie, "Origin: https://b.example").expect(
                401, "invalid_token")
            simulation.get("/rooms", cookie).expect(401, "invalid_token")
            let post = simulation.request(
                cookie, ["Origin: https://a.example", "Content-Type: application/json"], "")
            simulation.ask(post).expect(401, "invalid_token")
        }
    }
}
