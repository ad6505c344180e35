import Chat
import Simulation
import Testing

@testable import ChatServer

/// What senders learn while the store doesn't answer.
@Suite struct ServerOutageTests {
    /// Whether the errors say that the line may be stored.
    private func unknowns(_ client: Client) -> [Bool] {
        client.errors.map { $0.unknown == true }
    }

    @Test(arguments: [true, false])
    func `a sender learns that the outcome is unknown, and the same id tells it`(
        isStored: Bool
    ) throws {
        try play(.generous(), disk: Disk()) { simulation in
            let store = try #require(simulation.store)
            let (ann, bob) = (simulation.enter(), simulation.join())
            store.hang()
            ann.say("hi", in: "lobby", id: "1")
            bob.say("ho", as: "bob")
            simulation.advance(milliseconds: 1_500)
            #expect(ann.errors.isEmpty && bob.errors.isEmpty)
            simulation.advance(milliseconds: 1_000)
            #expect(ann.errorCodes == ["store_unavailable"] && unknowns(ann) == [true])
            #expect(ann.errors.map(\.id) == ["1"] && ann.errors.map(\.retryAfter) == [1_000])
            #expect(bob.errorCodes == ["store_unavailable"] && unknowns(bob) == [true])
            // It is told again as long as it isn't known.
            ann.say("hi", in: "lobby", id: "1")
            simulation.settle()
            #expect(unknowns(ann) == [true, true])
            if !isStored { store.fail() }
            store.hang(false)
            simulation.settle()
            #expect(ann.events("ack").isEmpty && unknowns(ann) == [true, true])
            if !isStored { store.recover() }
            simulation.settle()
            ann.say("hi", in: "lobby", id: "1")
            simulation.settle()
            #expect(ann.events("ack").map(\.seq) == [1])
            #expect(ann.lines.map(\.message) == (isStored ? ["hi", "ho"] : ["hi"]))
            #expect(ann.errors.count == 2 && bob.errors.count == 1)
        }
    }

    @Test func `a repeat of a stored line is acknowledged while nothing can be stored`() throws {
        try play(.generous(), disk: Disk()) { simulation in
            let store = try #require(simulation.store)
            let ann = simulation.enter()
            ann.say("hi", in: "lobby", id: "1")
            simulation.settle()
            store.fail()
            simulation.advance(milliseconds: 1)
            ann.say("hi", in: "lobby", id: "1")
            ann.say("new", in: "lobby", id: "2")
            simulation.settle()
            #expect(ann.events("ack").map(\.seq) == [1, 1])
            #expect(ann.errors.map(\.id) == ["2"] && unknowns(ann) == [false])
        }
    }

    @Test func `lines that wait for one with an unknown outcome are refused`() throws {
        try play(.generous(), disk: Disk()) { simulation in
            let store = try #require(simulation.store)
            let (ann, bob) = (simulation.enter(), simulation.enter(as: "bob"))
            store.hang()
            ann.say("a", in: "lobby", id: "1")
            simulation.settle()
            bob.say("b", in: "lobby", id: "2")
            simulation.advance(seconds: 3)
            #expect(unknowns(ann) == [true] && bob.errors.isEmpty)
            store.fail()
            simulation.advance(milliseconds: 1)
            #expect(bob.errors.map(\.id) == ["2"] && unknowns(bob) == [false])
            ann.say("a", in: "lobby", id: "1")
            ann.say("c", in: "lobby", id: "3")
            simulation.settle()
            #expect(ann.errors.map(\.id) == ["1", "1", "3"])
            #expect(unknowns(ann) == [true, true, false])
            store.hang(false)
            store.recover()
            simulation.settle()
            bob.say("b", in: "lobby", id: "2")
            simulation.settle()
            #expect(bob.events("ack").count == 1 && bob.lines.last?.message == "b")
        }
    }

    @Test func `a store that isn't open yet has nothing to be unsure of`() throws {
        var faults = StoreFaults.none
        faults.opening = 60_000
        try play(.generous(), disk: Disk(), storeFaults: faults) { simulation in
            let bob = simulation.join()
            bob.say("hi", as: "bob")
            simulation.advance(seconds: 10)
            #expect(bob.errors.isEmpty)
            simulation.advance(seconds: 60)
            #expect(bob.seqs == [1] && bob.errors.isEmpty)
        }
    }
}
