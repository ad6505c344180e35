import Chat
import ChatServer
import Identity
import Simulation
import TestSupport
import Testing
import WebSocket

/// Lines that come with requests.
@Suite struct ServerPostTests {
    @Test(arguments: [nil, Disk()])
    func `a line by a request is a line like any other`(disk: Disk?) throws {
        try playIdentity(disk: disk) { simulation, _ in
            let bob = simulation.enter(as: "bob")
            let backend = simulation.ask(simulation.post("hi", claims: #","role":"vip""#, id: "x"))
            let answer = try #require(backend.responses?.last)
            #expect(answer.status == 201)
            #expect(answer.fields["content-type"] == "application/json")
            #expect(answer.fields["cache-control"] == "no-store")
            let line = try #require(bob.lines.last)
            #expect((line.message, line.username) == ("hi", "Ann"))
            #expect((line.user, line.role) == ("u1", "vip"))
            let time = try #require(line.time)
            #expect(
                answer.content
                    == #"{"type":"ack","id":"x","room":"lobby","seq":1,"time":"\#(time)"}"#)
            #expect(backend.ending == nil)
            // It was never there.
            #expect(bob.events("presence") == [])
        }
    }

    @Test(arguments: [nil, Disk()])
    func `a room needs no member`(disk: Disk?) throws {
        try playIdentity(disk: disk) { simulation, _ in
            let backend = simulation.ask(simulation.post("one") + simulation.post("two"))
            #expect(backend.statuses == [201, 201])
            #expect(backend.answered("seq") == (disk == nil ? "1" : "2"))
            #expect(simulation.inspection.rooms == 0)
            let bob = simulation.enter(as: "bob", history: 10)
            #expect(bob.lines.map(\.message) == (disk == nil ? [] : ["one", "two"]))
        }
    }

    @Test(arguments: [nil, Disk()])
    func `a line and its repeats are one line, over both protocols`(disk: Disk?) throws {
        try playIdentity(disk: disk) { simulation, _ in
            let token = simulation.token("u1", #","name":"Ann""#)
            let ann = simulation.connectRichly(with: "Authorization: Bearer \(token)")
            ann.join("lobby", as: nil, id: "join")
            let post = simulation.post("hi", id: "\"same\"")
            let backend = simulation.ask(post + post)
            let other = simulation.ask(post)
            ann.say("hi", in: "lobby", id: "same")
            simulation.settle()
            #expect(backend.statuses == [201, 201])
            #expect(Set([backend, other].map { $0.responses?.last?.content }).count == 1)
            #expect(ann.lines.count == 1)
            #expect(ann.events("ack").last?.seq == 1)
            let changed = simulation.ask(simulation.post("ho", id: "same"))
            #expect(changed.status == 409)
            #expect(changed.answered("code") == "id_reused")
        }
    }

    @Test func `a request may be cut anywhere, and the next one waits for its answer`() throws {
        try playIdentity(disk: Disk()) { simulation, _ in
            let bob = simulation.enter(as: "bob")
            let json = #"{"message":"hi","x":{"y":[1]}}"#
            let bytes = Array(
                (simulation.postInChunks(json) + "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n").utf8)
            for cut in stride(from: 1, to: bytes.count, by: 7) {
                let backend = simulation.connect()
                backend.send(bytes[..<cut])
                simulation.settle()
                backend.send(bytes[cut...])
                simulation.settle()
                #expect(backend.statuses == [201, 200])
                backend.link.reset()
            }
            #expect(Set(bob.lines.map(\.message)) == ["hi"])
        }
    }

    @Test func `requests in one packet are answered in order`() throws {
        try playIdentity(disk: Disk()) { simulation, verifier in
            let bob = simulation.enter(as: "bob")
            verifier.beLate()
            let backend = simulation.ask(
                (1...5).map { simulation.post("\($0)", sub: "u\($0)") }.joined()
                    + "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(backend.raw.isEmpty)
            for number in 1...5 {
                #expect(verifier.count == 1)
                verifier.answer()
                simulation.settle()
                #expect(bob.lines.count == number)
            }
            #expect(backend.statuses == [201, 201, 201, 201, 201, 200])
            #expect(bob.lines.map(\.message) == ["1", "2", "3", "4", "5"])
        }
    }

    @Test func `a client that waits for a 100 gets it if its content is read`() throws {
        try playIdentity { simulation, _ in
            let post = simulation.post("hi", with: "Expect: 100-continue")
            let end = try #require(post.firstRange(of: "\r\n\r\n")).upperBound
            let backend = simulation.ask(String(post[..<end]))
            #expect(String(decoding: backend.raw, as: UTF8.self) == "HTTP/1.1 100 Continue\r\n\r\n")
            backend.send(String(post[end...]))
            simulation.settle()
            #expect(backend.statuses == [100, 201])
            #expect(backend.ending == nil)
            let refused = simulation.ask(
                simulation.request(
                    "X: y", ["Content-Length: 9", "Expect: 100-continue"], "GET / HTT"))
            #expect(refused.statuses == [401])
            #expect(refused.ending == .finished)
            let other = simulation.ask(simulation.post(with: "Expect: x"))
            #expect(other.statuses == [417])
            #expect(other.answered("code") == "expectation_failed")
        }
    }

    @Test func `a client that has ended its half gets its answer`() throws {
        try playIdentity(disk: Disk()) { simulation, verifier in
            verifier.beLate()
            let backend = simulation.ask(simulation.post())
            backend.link.finishWriting()
            simulation.settle()
            #expect(backend.raw.isEmpty)
            verifier.answer()
            simulation.settle()
            #expect(backend.statuses == [201])
            #expect(backend.responses?.last?.fields["connection"] == "close")
            #expect(backend.ending == .finished)
            #expect(simulation.connectionCount == 0)
        }
    }

    @Test func `a client that goes leaves nothing behind, and its line is said`() throws {
        try playIdentity(disk: Disk()) { simulation, verifier in
            let bob = simulation.enter(as: "bob")
            let store = try #require(simulation.store)
            store.hang()
            let backend = simulation.ask(simulation.post("stored"))
            verifier.beLate()
            let late = simulation.ask(simulation.post("never", sub: "u2"))
            for client in [backend, late] { client.link.reset() }
            simulation.settle()
            store.hang(false)
            verifier.answer()
            simulation.settle()
            #expect(bob.lines.map(\.message) == ["stored"])
            #expect(simulation.connectionCount == 1)
        }
    }

    @Test func `new limits don't hold for a request that waits`() throws {
        try playIdentity { simulation, verifier in
            verifier.beLate()
            let message = String(repeating: "x", count: 1_500)
            let padding = "X: " + String(repeating: "y", count: 1_500)
            let backend = simulation.ask(simulation.post(message, with: padding))
            simulation.change { ($0.limits.bodyBytes, $0.limits.headBytes) = (1_024, 1_024) }
            simulation.settle()
            verifier.answer()
            simulation.settle()
            #expect(backend.statuses == [201])
        }
    }

    @Test func `a stopping server takes no lines, and answers those that it has`() throws {
        try playIdentity(disk: Disk()) { simulation, verifier in
            let bob = simulation.enter(as: "bob")
            let store = try #require(simulation.store)
            store.hang()
            let backend = simulation.ask(simulation.post("hi"))
            verifier.beLate()
            let waiting = simulation.ask(simulation.post("waiting", sub: "u2"))
            simulation.world.raise(15)
            let late = simulation.ask(simulation.post("late", sub: "u3"))
            verifier.answer()
            simulation.settle()
            #expect(backend.raw.isEmpty)
            store.hang(false)
            simulation.advance(seconds: 1)
            #expect(backend.statuses == [201])
            for client in [waiting, late] {
                #expect(client.statuses == [503])
                #expect(client.responses?.last?.fields["retry-after"] != nil)
            }
            #expect(bob.lines.map(\.message) == ["hi"])
        }
    }

    @Test func `a token is verified once, but counts only as long as it lasts`() throws {
        let inbox = IdentityInbox()
        try playIdentity(disk: Disk(), inbox: inbox) { simulation, verifier in
            let post = simulation.post()
            let backend = simulation.ask(post)
            verifier.beLate()
            backend.send(post + post)
            simulation.settle()
            #expect(backend.statuses == [201, 201, 201])
            #expect(verifier.count == 0)
            inbox.revoke([.user("u1", issuedBefore: simulation.world.wallClock / 1_000 + 1)])
            simulation.world.isWoken = true
            simulation.settle()
            simulation.ask(post).expect(401, "invalid_token")
        }
    }
}
