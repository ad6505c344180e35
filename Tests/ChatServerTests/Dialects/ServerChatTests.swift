import ChatServer
import Simulation
import Testing
import WebSocket

@Suite struct ServerChatTests {
    @Test func `every member of a room gets a line in the same form`() throws {
        try play { simulation in
            let (ann, bob) = (simulation.join(), simulation.join(room: "lobby"))
            ann.say("hi")
            bob.say("hello", as: "bob")
            simulation.settle()
            #expect(ann.lines == bob.lines)
            #expect(ann.lines.map(\.seq) == [1, 2])
            #expect(ann.lines.map(\.username) == ["ann", "bob"])
            #expect(ann.lines.map(\.message) == ["hi", "hello"])
            #expect(ann.lines.map(\.room) == ["lobby", "lobby"])
            #expect(ann.lines[0].time == "2026-01-31T12:00:00.000Z")
        }
    }

    @Test(arguments: ["/ws?room=go", "/ws?a=b&room=go", "/ws?room=go&room=no"])
    func `rooms are separate`(_ target: String) throws {
        try play { simulation in
            let ann = simulation.connect()
            ann.handshake(target: target)
            let bob = simulation.join()
            ann.say("in go")
            bob.say("in the lobby")
            simulation.settle()
            #expect(ann.lines.map(\.room) == ["go"])
            #expect(bob.lines.map(\.message) == ["in the lobby"])
            #expect(simulation.inspection.rooms == 2)
        }
    }

    @Test func `a plain client gets no earlier lines`() throws {
        try play { simulation in
            let ann = simulation.join()
            ann.say("before")
            simulation.settle()
            let bob = simulation.connect()
            simulation.settle()
            ann.say("in the same tick, but before")
            bob.handshake()
            simulation.settle()
            ann.say("after")
            simulation.settle()
            #expect(ann.lines.map(\.seq) == [1, 2, 3])
            #expect(bob.lines.map(\.seq) == [3])
        }
    }

    struct Example: Sendable, CustomTestStringConvertible {
        let json: String
        let code: String

        var testDescription: String { json }
    }

    @Test(arguments: [
        Example(json: "", code: "invalid_json"),
        Example(json: "{", code: "invalid_json"),
        Example(json: #"{"username":"a","message":"\ud800"}"#, code: "invalid_json"),
        Example(json: "[]", code: "invalid_command"),
        Example(json: #"{"username":"a","message":1}"#, code: "invalid_command"),
        Example(json: #"{"message":"a"}"#, code: "invalid_command"),
        Example(json: #"{"username":"  ","message":"a"}"#, code: "invalid_username"),
        Example(json: #"{"username":"a","message":" \n "}"#, code: "message_empty"),
        Example(
            json: #"{"username":"a","message":"\#(String(repeating: "é", count: 2_001))"}"#,
            code: "message_too_long"),
    ])
    func `a refusal goes to its sender only`(_ example: Example) throws {
        try play { simulation in
            let (ann, bob) = (simulation.join(), simulation.join())
            ann.send(.text, example.json.utf8)
            ann.say("hi")
            simulation.settle()
            #expect(ann.errorCodes == [example.code])
            #expect(ann.errors[0].reason?.isEmpty == false)
            #expect(bob.errors.isEmpty)
            #expect(bob.lines.map(\.message) == ["hi"])
            #expect(ann.lines == bob.lines)
        }
    }

    @Test func `a client that sends too fast is told when to continue`() throws {
        try play { simulation in
            let client = simulation.join()
            for number in 0..<12 { client.say("\(number) ") }
            simulation.settle()
            #expect(client.numbers == Array(0..<10))
            #expect(client.errorCodes == ["rate_limited", "rate_limited"])
            let wait = try #require(client.errors[0].retryAfter)
            #expect(wait == 200)
            simulation.advance(milliseconds: wait)
            client.say("10 ")
            client.say("11 ")
            simulation.settle()
            #expect(client.numbers == Array(0...10))
            #expect(client.errors.count == 3)
        }
    }

    @Test func `too many errors within a minute end the chat`() throws {
        try play { simulation in
            let (ann, bob) = (simulation.join(), simulation.join())
            for _ in 0..<20 { ann.send(.text, "nonsense".utf8) }
            for _ in 0..<50 { bob.say("too fast") }
            simulation.settle()
            #expect(ann.errors.count == 20)
            #expect(ann.closeCode == nil)
            ann.send(.text, "nonsense".utf8)
            simulation.settle()
            #expect(ann.errors.count == 21)
            #expect(ann.closeCode == .policyViolation)
            #expect(bob.errors.count == 40)
            #expect(bob.closeCode == nil)
        }
    }

    @Test func `an allowance of bytes slows a client down, and only that one`() throws {
        try play(.generous { $0.bytesPerSecond = 1_000 }) { simulation in
            let (ann, bob) = (simulation.join(), simulation.join())
            for number in 0..<60 { ann.say("\(number) " + String(repeating: "x", count: 100)) }
            simulation.advance(seconds: 3)
            #expect(ann.lines.count > 15)
            #expect(ann.lines.count < 35)
            bob.say("hi")
            simulation.advance(seconds: 1)
            #expect(bob.lines.contains { $0.message == "hi" })
            simulation.advance(seconds: 7)
            #expect(ann.lines.count == 61)
            #expect(ann.numbers == Array(0..<60))
        }
    }

    @Test func `steps of the wall clock don't affect the order of lines`() throws {
        try play { simulation in
            let client = simulation.join()
            client.say("now")
            simulation.settle()
            simulation.world.wallClock -= 86_400_000
            client.say("a day before")
            simulation.settle()
            #expect(client.lines.map(\.seq) == [1, 2])
            #expect(client.lines[1].time == "2026-01-30T12:00:00.000Z")
        }
    }

    @Test func `an idle room gives most of its log back`() throws {
        try play(.generous { $0.roomLogBytes = 16_000 }) { simulation in
            let client = simulation.join()
            simulation.chat(client, lines: 0..<10, bytes: 1_000)
            #expect(simulation.inspection.roomLogBytes > 10_000)
            simulation.advance(seconds: 40)
            #expect(simulation.inspection.roomLogBytes <= 1_000)
            simulation.chat(client, lines: 10..<20)
            #expect(client.numbers == Array(0..<20))
        }
    }

    @Test func `a room that is left and entered again starts over`() throws {
        try play { simulation in
            for _ in 0..<5 {
                let client = simulation.join(room: "go")
                client.say("first")
                simulation.settle()
                #expect(client.lines.map(\.seq) == [1])
                client.close()
                simulation.settle()
            }
            #expect(simulation.inspection.rooms == 0)
            #expect(simulation.inspection.roomLogBytes == 0)
        }
    }
}
