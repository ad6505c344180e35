import ChatServer
import Simulation
import Testing

/// Texts that Unicode calls equivalent have different bytes, and so they are different.
@Suite struct ServerEquivalenceTests {
    private static let composed = "caf\u{E9}"
    private static let decomposed = "cafe\u{301}"

    @Test(arguments: [false, true])
    func `ids that only look the same belong to two lines`(isStored: Bool) throws {
        try play(.generous(), disk: isStored ? Disk() : nil) { simulation in
            let ann = simulation.enter()
            for round in 1...2 {
                ann.say("one", in: "lobby", id: Self.composed)
                ann.say("two", in: "lobby", id: Self.decomposed)
                simulation.advance(seconds: 1)
                #expect(ann.events("ack").count == 2 * round)
            }
            #expect(ann.lines.map(\.message) == ["one", "two"])
            #expect(ann.errors.isEmpty)
        }
    }

    @Test func `names that only look the same belong to two members, and to two lines`() throws {
        try play(.generous()) { simulation in
            let (ann, bob) = (
                simulation.enter(as: Self.composed), simulation.enter(as: Self.decomposed)
            )
            ann.say("hi", in: "lobby", id: "x")
            bob.say("hi", in: "lobby", id: "x")
            simulation.settle()
            #expect(ann.seqs == [1, 2])
            ann.askMembers(of: "lobby")
            simulation.settle()
            let names = ann.events("members").last?.usernames?.map { Array($0.utf8) }
            // In the order of their bytes.
            #expect(names == [Array(Self.decomposed.utf8), Array(Self.composed.utf8)])
        }
    }

    @Test func `a name that is written in another way is another name`() throws {
        try play(.generous()) { simulation in
            let (ann, bob) = (simulation.enter(as: Self.composed), simulation.enter(as: "bob"))
            simulation.advance(seconds: 2)
            ann.join("lobby", as: Self.decomposed)
            simulation.advance(seconds: 2)
            let news = try #require(bob.events("presence").last)
            #expect(news.joined?.map { Array($0.utf8) } == [Array(Self.decomposed.utf8)])
            #expect(news.left?.map { Array($0.utf8) } == [Array(Self.composed.utf8)])
        }
    }
}
