package import Chat
package import ChatServer
package import Logging
package import Reactor

/// A whole chat server on a simulated network, and its clients. Time passes only when told.
package final class Simulation {
    package let world: World
    package private(set) var clients: [Client] = []
    package let limits: Limits
    /// Where the server keeps its lines; nil: nowhere.
    package private(set) var store: SimulatedStore?
    private let origins: [String]
    private let proxies: TrustedProxies
    private var server: Server<SimulatedNetwork>
    private var buffer = Server<SimulatedNetwork>.makeReceiveBuffer()
    private let reader = EventReader()
    private let log: LogRecorder
    private var invariants: Invariants
    private var clientCount = 0
    /// Servers there were so far.
    private var lives: UInt64 = 1

    /// Ticks within one instant, past which nothing would ever come to rest.
    private static let tickLimit = 20_000

    /// `disk` is where the server finds and keeps its lines; nil: it keeps none. It follows
    /// `orderer` instead, if there is one, which the caller wakes it for (``World/isWoken``).
    package init(
        limits: Limits = Limits(), origins: [String] = [],
        proxies: TrustedProxies = TrustedProxies(), logLevel: Logger.Level = .info,
        seed: UInt64 = 0, faults: Faults = .none, disk: Disk? = nil,
        storeFaults: StoreFaults = .none, orderer: (any Orderer)? = nil
    ) throws(SystemError) {
        self.limits = limits
        self.origins = origins
        self.proxies = proxies
        world = World(seed: seed, faults: faults)
        let log = LogRecorder(logLevel: logLevel)
        self.log = log
        store = Self.openStore(on: disk, storeFaults, world)
        server = try Self.start(
            world, limits: limits, origins: origins, proxies: proxies, store: orderer ?? store,
            life: lives, log: log)
        invariants = Invariants(limits: limits, ownChunks: Inspection(of: server).chunks)
    }

    private static func openStore(
        on disk: Disk?, _ faults: StoreFaults, _ world: World
    ) -> SimulatedStore? {
        let store = disk.map {
            SimulatedStore(on: $0, faults: faults, seed: world.random.next(), at: world.time)
        }
        world.store = store
        return store
    }

    private static func start(
        _ world: World, limits: Limits, origins: [String], proxies: TrustedProxies,
        store: (any Orderer)?, life: UInt64, log: LogRecorder
    ) throws(SystemError) -> Server<SimulatedNetwork> {
        try Server(
            network: SimulatedNetwork(world), listeners: [world.listener], limits: limits,
            origins: origins, proxies: proxies, store: store, firstEpoch: life << 32,
            log: Logger(label: "simulation") { _ in log })
    }

    /// The server dies in the middle of whatever it does, and another one starts where it was.
    package func crash() {
        restart(on: store?.disk)
    }

    /// The machine dies, and the youngest groups of lines with it, as far as its disk allows. The
    /// server starts again.
    package func crashMachine(losing groups: Int) {
        var disk = store?.disk
        disk?.lose(groups: groups)
        // What its kernel still had for clients is gone, too.
        for client in clients { client.link.breakOff() }
        restart(on: disk)
    }

    /// The server has ended; another one starts.
    package func startAgain() {
        store?.close()
        restart(on: store?.disk)
    }

    private func restart(on disk: Disk?) {
        world.note("the server starts again")
        let faults = store?.faults ?? .none
        if let store { world.earlierStores.append(store) }
        world.serverDied()
        lives += 1
        store = Self.openStore(on: disk, faults, world)
        do throws(SystemError) {
            server = try Self.start(
                world, limits: limits, origins: origins, proxies: proxies, store: store,
                life: lives, log: log)
        } catch {
            world.violate("the server doesn't start: \(error)")
        }
        invariants = Invariants(limits: limits, ownChunks: Inspection(of: server).chunks)
        while poll() {}
    }

    package var isRunning: Bool { server.isRunning }
    package var life: Life { server.life }
    package var metrics: Metrics { server.metrics }
    package var connectionCount: Int { server.connectionCount }
    package var inspection: Inspection { Inspection(of: server) }
    /// What the server has logged.
    package var messages: [String] { log.messages }
    /// The same with what goes with each message: `Stopped connections=0`.
    package var logEntries: [String] { log.entries }

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
        tickServer()
        return poll()
    }

    /// One turn of the server, after which no client has done anything.
    package func tickServer() {
        let (lines, stored) = (server.metrics.messagesReceived, server.metrics.linesStored)
        do throws(SystemError) {
            try server.tick(buffer: &buffer)
        } catch {
            world.violate("the server failed: \(error)")
        }
        invariants.check(
            Inspection(of: server), linesInTick: Int(server.metrics.messagesReceived - lines),
            storedInTick: Int(server.metrics.linesStored - stored), world)
    }

    /// One turn of the server, before which this client alone has sent what it has to send.
    package func tickServer(polling client: Client) {
        client.push()
        tickServer()
    }

    /// Checks what must hold when everybody is gone.
    package func checkEmpty() {
        invariants.checkEmpty(Inspection(of: server), server.metrics, world)
    }
}
