import Chat
import ChatServer
import Simulation
import Testing
import WebSocket

/// Everything that a client asks for has a price.
@Suite struct ServerCostTests {
    /// 100 units a second, and 500 at once.
    private static func limits(_ change: (inout Limits) -> Void = { _ in }) -> Limits {
        var limits = Limits()
        (limits.costPerSecond, limits.costBurst, limits.debtTimeout) = (100, 500, 10_000)
        limits.chat.errorsPerMinute = 0
        limits.chat.linesPerSecond = 1_000
        limits.chat.lineBurst = 1_000
        change(&limits)
        return limits
    }

    /// What a client of the rich dialect repeats.
    enum Request: CaseIterable {
        case join, leave, message, repeated, history, members, nonsense, ping

        func send(by client: Client, _ number: Int) {
            switch self {
            case .join: client.send(.text, #"{"type":"join","room":"lobby"}"#.utf8)
            case .leave: client.send(.text, #"{"type":"leave","room":"other"}"#.utf8)
            case .message:
                client.send(
                    .text, #"{"type":"message","room":"lobby","message":"\#(number)"}"#.utf8)
            case .repeated:
                client.send(
                    .text, #"{"type":"message","room":"lobby","message":"x","id":"1"}"#.utf8)
            case .history: client.send(.text, #"{"type":"history","room":"lobby"}"#.utf8)
            case .members: client.send(.text, #"{"type":"members","room":"lobby"}"#.utf8)
            case .nonsense: client.send(.text, "nonsense".utf8)
            case .ping: client.send(.ping, [])
            }
        }
    }

    @Test(arguments: Request.allCases)
    func `a client in debt isn't read until it has paid, and nobody else waits`(
        _ request: Request
    ) throws {
        try play(Self.limits { $0.debtTimeout = 0 }) { simulation in
            let (ann, bob) = (simulation.enter(), simulation.join())
            let before = simulation.metrics.messagesReceived
            func answers() -> Int { ann.events.count + ann.pongs.count }
            for number in 0..<600 { request.send(by: ann, number) }
            simulation.settle()
            let first = answers()
            #expect(simulation.metrics.messagesReceived - before < 600)
            #expect(first < 600)
            bob.say("hi")
            simulation.settle()
            #expect(bob.lines.contains { $0.message == "hi" })
            simulation.advance(seconds: 5)
            #expect(answers() > first)
            #expect(ann.closeCode == nil)
            simulation.advance(seconds: 400)
            #expect(answers() >= 600)
            #expect(ann.closeCode == nil)
        }
    }

    @Test func `a client that gets into debt again and again is closed`() throws {
        try play(Self.limits { $0.debtTimeout = 5_000 }) { simulation in
            let ann = simulation.enter()
            for _ in 0..<400 { Request.members.send(by: ann, 0) }
            simulation.advance(seconds: 4)
            #expect(ann.closeCode == nil)
            simulation.advance(seconds: 4)
            #expect(ann.closeCode == .policyViolation)
        }
    }

    @Test func `a client in debt that doesn't answer the Close is ended in time`() throws {
        let limits = Self.limits {
            // A turn's work takes up to 25 seconds to be paid off.
            ($0.costPerSecond, $0.debtTimeout, $0.closeTimeout) = (10, 5_000, 1_000)
        }
        try play(limits) { simulation in
            let ann = simulation.enter()
            ann.endsInReturn = false
            for _ in 0..<600 { Request.members.send(by: ann, 0) }
            for _ in 0..<60 where ann.closeCode == nil { simulation.advance(seconds: 1) }
            #expect(ann.closeCode == .policyViolation)
            #expect(ann.ending == nil)
            simulation.advance(seconds: 2)
            #expect(ann.ending != nil)
        }
    }

    @Test func `requests are charged, and after a long debt one response is the last`() throws {
        try play(Self.limits { $0.debtTimeout = 5_000 }) { simulation in
            let client = simulation.connect()
            for _ in 0..<400 { client.send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n") }
            simulation.settle()
            #expect((1..<100).contains(client.responses?.count ?? 0))
            #expect(client.ending == nil)
            simulation.advance(seconds: 4)
            #expect(client.ending == nil)
            simulation.advance(seconds: 4)
            let responses = try #require(client.responses)
            #expect(responses.count < 100)
            #expect(responses.allSatisfy { $0.status == 200 })
            let isLast = responses.map { $0.fields["connection"] == "close" }
            #expect(isLast == responses.dropLast().map { _ in false } + [true])
            #expect(client.ending != nil)
        }
    }

    @Test func `the silence of a client in debt isn't its fault`() throws {
        let limits = Self.limits {
            $0.debtTimeout = 0
            ($0.pingInterval, $0.pongTimeout, $0.messageTimeout) = (4_000, 1_000, 1_000)
        }
        try play(limits) { simulation in
            let ann = simulation.enter()
            for _ in 0..<600 { Request.members.send(by: ann, 0) }
            // Half a message waits behind them.
            ann.send(ann.frame(.text, "{}".utf8)[..<3])
            simulation.advance(seconds: 30)
            #expect(ann.closeCode == nil)
        }
    }

    @Test func `with lines unlimited they cost nothing, and all else does`() throws {
        try play(Self.limits { $0.chat.linesPerSecond = 0 }) { simulation in
            let (ann, bob) = (simulation.enter(), simulation.enter(as: "bob"))
            for number in 0..<600 { Request.message.send(by: ann, number) }
            for _ in 0..<600 { Request.ping.send(by: bob, 0) }
            simulation.settle()
            #expect(ann.lines.count == 600)
            #expect(bob.pongs.count < 600)
        }
    }

    @Test func `a limit of 0 charges nothing`() throws {
        try play(Self.limits { $0.costPerSecond = 0 }) { simulation in
            let ann = simulation.enter()
            for _ in 0..<600 { Request.members.send(by: ann, 0) }
            simulation.settle()
            #expect(ann.events("members").count == 600)
        }
    }

    @Test func `a quiet client is served before a crowd that has asked for much`() throws {
        try play(Self.limits { ($0.costPerSecond, $0.costBurst) = (1_000, 100_000) }) {
            simulation in
            let bob = simulation.enter("quiet", as: "bob")
            let crowd = (0..<300).map { _ in simulation.enter() }
            // What their connections have cost is paid off.
            simulation.advance(seconds: 2)
            for client in crowd { for _ in 0..<40 { Request.members.send(by: client, 0) } }
            for _ in 0..<4 { simulation.tick() }
            bob.say("hi", in: "quiet")
            let before = bob.lines.count
            simulation.tick()
            simulation.tick()
            #expect(bob.lines.count == before + 1)
            // The crowd is still waiting.
            #expect(crowd.contains { $0.events("members").count < 40 })
            simulation.settle()
            #expect(crowd.allSatisfy { $0.events("members").count == 40 })
        }
    }

    @Test func `those that wait in line all get their turns`() throws {
        try play(Self.limits { ($0.costPerSecond, $0.costBurst) = (1, 100_000) }) { simulation in
            let crowd = (0..<100).map { _ in simulation.enter() }
            for client in crowd { for _ in 0..<200 { Request.ping.send(by: client, 0) } }
            for _ in 0..<40 { simulation.tick() }
            let counts = crowd.map(\.pongs.count)
            #expect(counts.min()! > 0)
            #expect(counts.max()! - counts.min()! <= 120)
        }
    }
}
