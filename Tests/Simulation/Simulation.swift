package import ChatServer
internal import Logging
package import Reactor

/// A whole chat server on a simulated network, and its clients. Time passes only when told.
package final class Simulation {
    package let world: World
    package private(set) var clients: [Client] = []
    package let limits: Limits
    private var server: Server<SimulatedNetwork>
    private var buffer = Server<SimulatedNetwork>.makeReceiveBuffer()
    private let reader = EventReader()
    private let log: LogRecorder
    private var invariants: Invariants
    private var clientCount = 0

    /// Ticks within one instant, past which nothing would ever come to rest.
    private static let tickLimit = 20_000

    package init(
        limits: Limits = Limits(), origins: [String] = [], seed: UInt64 = 0,
        faults: Faults = .none
    ) throws(SystemError) {
        self.limits = limits
        world = World(seed: seed, faults: faults)
        let log = LogRecorder()
        self.log = log
        server = try Server(
            network: SimulatedNetwork(world), listeners: [world.listener], limits: limits,
            origins: origins, log: Logger(label: "simulation") { _ in log })
        invariants = Invariants(limits: limits, ownChunks: server.inspect().chunks)
    }

    package var isRunning: Bool { server.isRunning }
    package var life: Life { server.life }
    package var metrics: Metrics { server.metrics }
    package var connectionCount: Int { server.connectionCount }
    package var inspection: Inspection { server.inspect() }
    /// What the server has logged.
    package var messages: [String] { log.messages }

    /// A client connects, and says nothing yet.
    package func connect(
        from address: SocketAddress = SocketAddress(ipv4: 0xC000_0201, port: 1)
    ) -> Client {
        clientCount += 1
        let client = Client(number: clientCount, world: world, reader: reader, address: address)
        clients.append(client)
        return client
    }

    /// Whether the server has read all that its clients have sent.
    package var isQuiet: Bool {
        clients.allSatisfy { $0.isSilent }
    }

    /// Nobody plays this client any more: it does nothing, for ever.
    package func abandon(_ client: Client) {
        clients.removeAll { $0 === client }
    }

    /// Lets the server and its clients go on until nothing is left to do at this instant.
    package func settle() {
        run(until: world.now)
    }

    /// Lets `milliseconds` pass.
    package func advance(milliseconds: UInt64) {
        settle()
        run(until: Instant(nanoseconds: world.now.nanoseconds + milliseconds * 1_000_000))
    }

    package func advance(seconds: UInt64) {
        advance(milliseconds: seconds * 1_000)
    }

    /// Stops at the first violation: what comes after has no meaning.
    private func run(until target: Instant) {
        var (ticks, instant) = (0, world.now)
        var haveActed = poll()
        while server.isRunning, world.violations.isEmpty {
            // Whoever still has something to do does it at this instant.
            world.horizon = haveActed ? world.now : target
            haveActed = tick()
            if world.isIdle, !haveActed, target <= world.now { return }
            ticks = instant == world.now ? ticks + 1 : 0
            instant = world.now
            guard ticks < Self.tickLimit else { return world.violate("nothing comes to rest") }
        }
        while !server.isRunning, poll() {}
    }

    private func poll() -> Bool {
        var haveActed = false
        for client in clients where client.poll() { haveActed = true }
        return haveActed
    }

    /// One turn of the server, then one of each client. Returns whether a client did anything.
    @discardableResult
    package func tick() -> Bool {
        let lines = server.metrics.linesReceived
        do throws(SystemError) {
            try server.tick(buffer: &buffer)
        } catch {
            world.violate("the server failed: \(error)")
        }
        invariants.check(
            server.inspect(), linesInTick: Int(server.metrics.linesReceived - lines), world)
        return poll()
    }

    /// Checks what must hold when everybody is gone.
    package func checkEmpty() {
        invariants.checkEmpty(server.inspect(), server.metrics, world)
    }
}
