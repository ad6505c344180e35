import ChatServer
import Simulation
import Testing

/// The poller fails for one connection (`epoll_ctl` without memory). That connection is closed
/// without a message, and no other one is affected.
@Suite struct FailingPollerTests {
    /// A client in a room whose kernel buffer is so small that it blocks with the first long line.
    private func joinDeaf(room: String, _ simulation: Simulation) -> Client {
        let before = simulation.world.sendBuffer
        simulation.world.sendBuffer = 200
        defer { simulation.world.sendBuffer = before }
        let client = simulation.join(room: room)
        client.reads = false
        return client
    }

    /// Says a line while changes of interest fail.
    private func say(_ number: Int, by client: Client, _ simulation: Simulation) {
        simulation.world.faults.failedChanges = 1_000
        simulation.chat(client, lines: number..<number + 1, bytes: 500)
        simulation.world.faults.failedChanges = 0
    }

    /// Joins a room that reuses the number of one that has vanished, and gets nothing of the old
    /// one.
    private func checkNewRoom(_ simulation: Simulation) {
        let first = simulation.enter("new", history: 50)
        #expect(first.joined?.seq == 0)
        #expect(first.joined?.memberCount == 1)
        simulation.say(first, lines: 1...3, in: "new")
        let second = simulation.enter("new", as: "bob", history: 50)
        #expect(second.joined?.seq == 3)
        #expect(first.lines.map(\.room) == ["new", "new", "new"])
        #expect(first.numbers == [1, 2, 3])
        #expect(second.lines == first.lines)
    }

    @Test func `a member that can't be watched leaves after the fan-out`() throws {
        try play(.generous()) { simulation in
            let own = simulation.inspection.chunks
            let ann = simulation.join(room: "old")
            let bob = joinDeaf(room: "old", simulation)
            say(1, by: ann, simulation)
            #expect(ann.numbers == [1])
            #expect(simulation.connectionCount == 1)
            #expect(simulation.metrics.closes == [1006: 1])
            // Only the room's log refers to the line's chunk.
            #expect(simulation.inspection.chunks == own + 1)
            #expect(simulation.inspection.waitingBytes == 0)
            #expect(simulation.inspection.roomLogBytes > 500)
            bob.reads = true
            simulation.chat(ann, lines: 2..<3)
            #expect(bob.ending == .reset)
            #expect(ann.numbers == [1, 2])
            ann.close()
            simulation.settle()
            #expect(simulation.inspection.rooms == 0)
            #expect(simulation.inspection.chunks == own)
            checkNewRoom(simulation)
        }
    }

    @Test func `a room whose last member leaves after the fan-out keeps nothing`() throws {
        try play(.generous()) { simulation in
            let own = simulation.inspection.chunks
            let ann = joinDeaf(room: "old", simulation)
            say(1, by: ann, simulation)
            #expect(simulation.metrics.closes == [1006: 1])
            #expect(simulation.connectionCount == 0)
            #expect(simulation.inspection.rooms == 0)
            #expect(simulation.inspection.chunks == own)
            #expect(simulation.inspection.keptBytes == 0)
            checkNewRoom(simulation)
            simulation.advance(seconds: 60)
        }
    }

    @Test func `all members of a room that can't be watched leave at once`() throws {
        try play(.generous()) { simulation in
            let own = simulation.inspection.chunks
            let people = (0..<5).map { _ in joinDeaf(room: "old", simulation) }
            let cy = simulation.join(room: "other")
            say(1, by: people[2], simulation)
            #expect(simulation.metrics.closes == [1006: 5])
            #expect(simulation.connectionCount == 1)
            #expect(simulation.inspection.rooms == 1)
            #expect(simulation.inspection.chunks == own)
            simulation.chat(cy, lines: 1..<2)
            #expect(cy.numbers == [1])
            checkNewRoom(simulation)
        }
    }

    @Test func `a connection that can't be watched from the start is closed`() throws {
        try play(.generous()) { simulation in
            let ann = simulation.join()
            func warnings() -> Int {
                simulation.messages.count { $0.contains("could not be watched") }
            }
            for round in 1...2 {
                simulation.world.faults.failedRegistrations = 1_000
                let others = (0..<3).map { _ in simulation.join() }
                simulation.world.faults.failedRegistrations = 0
                #expect(others.allSatisfy { $0.phase == .handshaking && $0.ending != nil })
                #expect(simulation.connectionCount == round)
                #expect(warnings() == round)
                // After a success, the next failure is logged again.
                #expect(simulation.join().phase == .open)
            }
            #expect(simulation.metrics.connectionsAccepted == 9)
            #expect(simulation.metrics.connectionsClosed == 6)
            simulation.chat(ann, lines: 1..<2)
            #expect(ann.numbers == [1])
        }
    }
}
