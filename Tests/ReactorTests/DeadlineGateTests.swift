import Reactor
import Testing

@Suite struct DeadlineGateTests {
    @Test func `deadlines fire with each step of the clock once everything is read`() {
        var gate = DeadlineGate()
        #expect(gate.opens(false, isUnread: false, connections: 9) == false)
        #expect(gate.opens(true, isUnread: false, connections: 9) == true)
        #expect(gate.opens(false, isUnread: true, connections: 9) == false)
        #expect(gate.isShut == false)
    }

    @Test func `unread sockets put deadlines off until they are read`() {
        var gate = DeadlineGate()
        #expect(gate.opens(true, isUnread: true, connections: 5_000) == false)
        #expect(gate.isShut == true)
        #expect(gate.opens(false, isUnread: true, connections: 5_000) == false)
        #expect(gate.opens(false, isUnread: false, connections: 5_000) == true)
        #expect(gate.isShut == false)
        #expect(gate.opens(false, isUnread: false, connections: 5_000) == false)
    }

    @Test(arguments: [0, 511, 512, 5_000, 100_000])
    func `a flood puts deadlines off until each connection was reported once`(connections: Int) {
        var gate = DeadlineGate()
        for _ in 0..<3 {
            var turns = 1
            while !gate.opens(true, isUnread: true, connections: connections) { turns += 1 }
            #expect((turns - 1) * readyLimit >= connections)
            #expect((turns - 2) * readyLimit <= connections)
        }
    }
}
