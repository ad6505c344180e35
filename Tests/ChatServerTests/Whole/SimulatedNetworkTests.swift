import Reactor
import Simulation
import TestSupport
import Testing

/// The simulated network must report broken rules, or it would find nothing.
@Suite struct SimulatedNetworkTests {
    private static let listener = Socket(rawValue: 3)

    /// The violations of `body`, which gets a network, its world and an open socket.
    private func violations(
        _ body: (inout SimulatedNetwork, World, Link, Socket) throws -> Void
    ) throws -> [String] {
        let world = World(seed: 1)
        var network = SimulatedNetwork(world)
        let link = world.connect(from: .of(1))
        guard case .connection(let socket, _) = network.accept(from: Self.listener) else {
            throw SystemError(errno: 0, call: "accept")
        }
        try network.register(socket, token: Token(index: 0, generation: 1), interest: .readable)
        try body(&network, world, link, socket)
        return world.violations
    }

    @Test func `use of a closed socket is a violation`() throws {
        let found = try violations { network, _, _, socket in
            network.close(socket)
            network.close(socket)
            try network.change(socket, token: Token(index: 0, generation: 1), interest: [])
            network.shutdownWriting(Socket(rawValue: 99))
        }
        #expect(found.count == 3)
    }

    @Test func `a connection whose poller failed must be closed`() throws {
        let found = try violations { network, world, link, socket in
            let token = Token(index: 0, generation: 1)
            var ready: [ReadyEvent] = []
            try network.change(socket, token: token, interest: [])
            world.faults.failedChanges = 1_000
            #expect(throws: SystemError(errno: 12, call: "epoll_ctl")) {
                try network.change(socket, token: token, interest: .readable)
            }
            #expect(link.isBroken)
            network.wait(milliseconds: 0, into: &ready)
            #expect(world.violations == [])
            for _ in 0..<2 { network.wait(milliseconds: 0, into: &ready) }
        }
        #expect(found.count == 1)
        #expect(found.first?.contains("still open") == true)
    }

    @Test func `an event that is never handled counts as spinning`() throws {
        let found = try violations { network, _, link, _ in
            _ = link.write([1])
            var ready: [ReadyEvent] = []
            for _ in 0..<250 { network.wait(milliseconds: 1_000, into: &ready) }
        }
        #expect(found.count == 1)
        #expect(found.first?.contains("spins") == true)
    }

    @Test func `the clock moves only if nothing is ready, and only as far as allowed`() throws {
        let found = try violations { network, world, link, _ in
            let start = world.now.milliseconds
            var ready: [ReadyEvent] = []
            world.horizon = Instant(nanoseconds: (start + 1_500) * 1_000_000)
            network.wait(milliseconds: 1_000, into: &ready)
            #expect(world.now.milliseconds == start + 1_000)
            network.wait(milliseconds: nil, into: &ready)
            #expect(world.now.milliseconds == start + 1_500)
            network.wait(milliseconds: 1_000, into: &ready)
            #expect(world.now.milliseconds == start + 1_500)
            #expect(world.isIdle)
            _ = link.write([1])
            network.wait(milliseconds: nil, into: &ready)
            #expect(ready.map(\.readiness) == [.readable])
            #expect(!world.isIdle)
        }
        #expect(found == [])
    }

    @Test func `the client's bytes arrive, then its end`() throws {
        let found = try violations { network, _, link, socket in
            var buffer = [UInt8](repeating: 0, count: 4)
            func receive() -> ReceiveOutcome {
                var ready: [ReadyEvent] = []
                network.wait(milliseconds: 0, into: &ready)
                var span = buffer.mutableSpan
                return network.receive(from: socket, into: &span)
            }
            #expect(receive() == .wouldBlock)
            _ = link.write([1, 2, 3, 4, 5])
            link.finishWriting()
            #expect(receive() == .bytes(4))
            #expect(buffer == [1, 2, 3, 4])
            #expect(receive() == .bytes(1))
            #expect(receive() == .end)
        }
        #expect(found == [])
    }

    @Test func `no connection is read twice a tick`() throws {
        let found = try violations { network, _, link, socket in
            _ = link.write([1, 2])
            var ready: [ReadyEvent] = []
            var buffer: [UInt8] = [0]
            for reads in [1, 2] {
                network.wait(milliseconds: 0, into: &ready)
                for _ in 0..<reads {
                    var span = buffer.mutableSpan
                    _ = network.receive(from: socket, into: &span)
                }
            }
        }
        #expect(found.count == 1)
    }

    @Test func `a reset reaches the server`() throws {
        let found = try violations { network, _, link, socket in
            link.reset()
            var ready: [ReadyEvent] = []
            network.wait(milliseconds: nil, into: &ready)
            #expect(ready.first?.readiness == [.readable, .peerClosed, .broken])
            network.abort(socket)
        }
        #expect(found == [])
    }

    @Test func `the generator agrees with the published one`() {
        var random = SplitMix64(seed: 1_234_567)
        let first = (0..<3).map { _ in random.next() }
        #expect(
            first == [
                6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
            ])
    }

    @Test func `a seed gives the same run every time`() throws {
        func evening() throws -> [String] {
            var events: [String] = []
            #expect(try Storm.violations(seed: 7, trace: { events.append($0) }) == [])
            return events
        }
        let first = try evening()
        #expect(first.count > 50)
        #expect(try evening() == first)
    }
}
