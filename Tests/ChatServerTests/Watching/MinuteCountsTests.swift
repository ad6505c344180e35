import ChatServer
import Simulation
import Testing

@Suite struct MinuteCountsTests {
    private static func entries(_ simulation: Simulation) -> [String] {
        simulation.logEntries.filter { $0.hasPrefix("Counts of a minute") }
    }

    @Test func `each minute with connections is counted, and none without`() throws {
        try play(.generous()) { simulation in
            simulation.advance(milliseconds: 200_000)
            #expect(Self.entries(simulation) == [])
            let (ann, bob) = (simulation.join(), simulation.join())
            ann.say("hi")
            bob.say("hello")
            simulation.advance(milliseconds: 30_000)
            bob.close(nil)
            simulation.advance(milliseconds: 31_000)
            let first = try #require(Self.entries(simulation).first)
            for text in [
                " connections=1 ", " opened=2 ", " closed=1 ", " lines=2", " deliveries=4 ",
                " refusals=0", " busy=",
            ] {
                #expect((first + " ").contains(text), "\(first)")
            }
            ann.close(nil)
            simulation.advance(milliseconds: 61_000)
            #expect(Self.entries(simulation).last?.contains(" closed=1 connections=0 ") == true)
            simulation.advance(milliseconds: 600_000)
            #expect(Self.entries(simulation).count == 2)
        }
    }
}
