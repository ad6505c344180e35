import ChatServer
import Simulation
import Testing

@Suite struct SmokeTests {
    @Test func `two chat`() throws {
        let simulation = try Simulation()
        let ann = simulation.connect()
        let bob = simulation.connect()
        ann.handshake()
        bob.handshake()
        simulation.settle()
        #expect(ann.phase == .open)
        ann.say("hi")
        simulation.settle()
        #expect(bob.lines.map(\.message) == ["hi"])
        #expect(ann.lines == bob.lines)
        ann.close()
        bob.link.reset()
        simulation.settle()
        simulation.advance(seconds: 20)
        simulation.checkEmpty()
        #expect(simulation.world.violations == [])
    }
}
