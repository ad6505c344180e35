import Chat
import ChatServer
import Simulation
import Synchronization
import Testing

@Suite struct SupervisionTests {
    private static let termination: Int32 = 15
    private static let hangup: Int32 = 1

    /// The events that a server has told.
    private final class Told: Sendable {
        private let events = Mutex<[Supervision.Event]>([])

        func append(_ event: Supervision.Event) { events.withLock { $0.append(event) } }

        func take() -> [Supervision.Event] {
            events.withLock { events in
                defer { events = [] }
                return events
            }
        }
    }

    private func ticks(of simulation: Simulation) -> UInt64 {
        simulation.metrics.ticks.counts.reduce(0, +)
    }

    @Test func `it serves before a client comes, and drains until a deadline`() throws {
        let told = Told()
        let simulation = try Simulation(tell: told.append)
        #expect(told.take() == [])
        simulation.settle()
        #expect(told.take() == [.serving])
        let client = simulation.join()
        client.reads = false
        simulation.advance(seconds: 100)
        #expect(told.take() == [])
        simulation.world.raise(Self.termination)
        simulation.settle()
        #expect(told.take() == [.draining(milliseconds: 4_000)])
        simulation.advance(milliseconds: 4_500)
        #expect(simulation.life == .ended)
        #expect(told.take() == [])
    }

    @Test(arguments: [1, 400, 1_000, 7_300] as [UInt64])
    func `it is alive at each interval, also while it drains`(interval: UInt64) throws {
        let told = Told()
        let simulation = try Simulation(interval: interval, tell: told.append)
        simulation.settle()
        #expect(told.take() == [.serving])
        for _ in 0..<20 {
            simulation.advance(milliseconds: interval)
            #expect(told.take() == [.alive(connections: 0)])
        }
        let client = simulation.join()
        client.reads = false
        client.endsInReturn = false
        simulation.settle()
        simulation.world.raise(Self.termination)
        simulation.settle()
        _ = told.take()
        simulation.advance(milliseconds: 3_000)
        #expect(
            told.take() == Array(repeating: .alive(connections: 1), count: Int(3_000 / interval)))
    }

    @Test func `an idle server wakes up only for what was asked`() throws {
        let quiet = try Simulation()
        quiet.settle()
        let told = Told()
        let watched = try Simulation(interval: 10_000, tell: told.append)
        watched.settle()
        let before = (ticks(of: quiet), ticks(of: watched))
        quiet.advance(seconds: 1_000)
        watched.advance(seconds: 1_000)
        #expect(ticks(of: quiet) - before.0 <= 2)
        // The simulation itself ends a wait once for each call.
        #expect(ticks(of: watched) - before.1 <= 102)
        #expect(told.take().count == 101)
    }

    @Test func `a server that stood still tells at once that it's alive`() throws {
        let told = Told()
        let simulation = try Simulation(interval: 5_000, tell: told.append)
        _ = simulation.join()
        simulation.settle()
        _ = told.take()
        simulation.freeze(milliseconds: 60_000)
        simulation.settle()
        #expect(told.take() == [.alive(connections: 1)])
    }

    @Test func `each request to reload is answered, whether or not there are new settings`() throws
    {
        let told = Told()
        let simulation = try Simulation(tell: told.append)
        simulation.settle()
        _ = told.take()
        simulation.world.raise(Self.hangup)
        simulation.settle()
        #expect(told.take() == [.reloading])
        simulation.keepSettings()
        simulation.settle()
        #expect(told.take() == [.reloaded])
        simulation.world.raise(Self.hangup)
        simulation.settle()
        simulation.change { $0.limits.chat.textCharacters = 5 }
        simulation.settle()
        #expect(told.take() == [.reloading, .reloaded])
        #expect(simulation.isRunning)
    }

    @Test func `a server that drains doesn't reload, and SIGHUP doesn't end it early`() throws {
        let told = Told()
        let simulation = try Simulation(tell: told.append)
        let client = simulation.join()
        client.reads = false
        client.endsInReturn = false
        simulation.settle()
        simulation.world.raise(Self.termination)
        simulation.settle()
        _ = told.take()
        simulation.world.raise(Self.hangup)
        simulation.settle()
        #expect(told.take() == [])
        #expect(simulation.isRunning)
    }
}
