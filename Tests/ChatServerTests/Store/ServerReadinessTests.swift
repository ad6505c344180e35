import Chat
import ChatServer
import Simulation
import Testing

@Suite struct ServerReadinessTests {
    @Test func `a server whose lines wait for a disk that hangs isn't ready`() throws {
        try play(.generous(), disk: Disk()) { simulation in
            let store = try #require(simulation.store)
            let ann = simulation.enter()
            let request = "GET /readyz HTTP/1.1\r\nHost: a\r\n\r\n"
            store.hang()
            ann.say("a", in: "lobby", id: "1")
            simulation.advance(milliseconds: 1_000)
            #expect(simulation.ask(request).status == 200)
            simulation.advance(milliseconds: 1_500)
            #expect(simulation.ask(request).status == 503)
        }
    }
}
