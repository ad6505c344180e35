package import Chat
package import ChatServer
package import Logging
package import Reactor
internal import TLS

/// A whole chat server on a simulated network, with its clients. Time passes only on request.
package final class Simulation {
    package let world: World
    package private(set) var clients: [Client] = []
    /// The limits in force.
    package private(set) var limits: Limits
    /// The store of the server's lines. Nil if there is none.
    package private(set) var store: SimulatedStore?
    /// What the server that starts next asks of its clients.
    package var identity: IdentityRules
    private let checker: (any LineChecker)?
    /// What the server follows instead of a store.
    private var orderer: (any Orderer)?
    private var settings: Settings
    private let inbox = SettingsInbox()
    private let supervision: Supervision
    typealias VeiledNetwork = SecureNetwork<SimulatedNetwork, VeiledSession>
    var server: Server<VeiledNetwork>
    var buffer = Server<VeiledNetwork>.makeReceiveBuffer()
    private let reader = EventReader()
    private let log: LogRecorder
    private var invariants: Invariants
    private var clientCount = 0
    /// The number of servers so far.
    private var lives: UInt64

    /// Ticks within one instant, above which the simulation would never come to rest.
    private static let tickLimit = 20_000

    /// With `isVeiled` all connections are encrypted, by something that is easier to predict than
    /// TLS. `disk` is where the server keeps its lines; nil if it keeps none. If there is an
    /// `orderer`, the server follows it instead, and the caller wakes the server for it
    /// (``World/isWoken``). No two servers that follow the same rooms have the same `life`.
    package init(
        limits: Limits = Limits(), origins: [String] = [],
        proxies: TrustedProxies = TrustedProxies(), logLevel: Logger.Level = .info,
        seed: UInt64 = 0, faults: Faults = .none, disk: Disk? = nil,
        storeFaults: StoreFaults = .none, orderer: (any Orderer)? = nil, life: UInt64 = 1,
        identity: IdentityRules = IdentityRules(), checker: (any LineChecker)? = nil,
        reservedNames: [String] = [], isVeiled: Bool = false, interval: UInt64? = nil,
        tell: @escaping @Sendable (Supervision.Event) -> Void = { _ in }
    ) throws(SystemError) {
        (self.limits, self.identity, self.checker) = (limits, identity, checker)
        (self.orderer, lives) = (orderer, life)
        settings = Settings(
            limits: limits, origins: origins, proxies: proxies, reservedNames: reservedNames)
        supervision = Supervision(interval: interval, inbox: inbox, tell: tell)
        world = World(seed: seed, faults: faults, isVeiled: isVeiled)
        let log = LogRecorder(logLevel: logLevel)
        self.log = log
        store = Self.openStore(on: disk, storeFaults, world)
        server = try Self.start(
            world, settings, store: orderer ?? store, identity: identity, checker, life: lives,
            supervision: supervision, log: log)
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
        _ world: World, _ settings: Settings, store: (any Orderer)?, identity: IdentityRules,
        _ checker: (any LineChecker)?, life: UInt64, supervision: Supervision, log: LogRecorder
    ) throws(SystemError) -> Server<VeiledNetwork> {
        let pool = world.isVeiled ? HandshakePool { VeiledSession() } : nil
        let network = VeiledNetwork(
            over: SimulatedNetwork(world), pool: pool,
            recordTimeout: settings.limits.messageTimeout)
        let listener = world.isVeiled ? world.listener.secured : world.listener
        var moderation = ModerationRules()
        moderation.firstConnection = life << 32
        moderation.checker = checker
        return try Server(
            network: network, listeners: [listener], settings: settings, store: store,
            identity: identity, moderation: moderation, firstEpoch: life << 32,
            supervision: supervision, log: Logger(label: "simulation") { _ in log.limited })
    }

    /// The server dies in the middle of its work, and another one starts in its place.
    package func crash() {
        restart(on: store?.disk)
    }

    /// The same. The new server follows this orderer.
    package func crash(onto orderer: any Orderer) {
        self.orderer = orderer
        restart(on: nil)
    }

    /// The machine dies, and the newest groups of lines are lost, as far as its disk allows. The
    /// server starts again.
    package func crashMachine(losing groups: Int) {
        var disk = store?.disk
        disk?.lose(groups: groups)
        // Bytes that its kernel still held for clients are lost too.
        for client in clients { client.link.breakOff() }
        restart(on: disk)
    }

    /// The server has ended. Another one starts.
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
                world, settings, store: orderer ?? store, identity: identity, checker,
                life: lives, supervision: supervision, log: log)
        } catch {
            world.violate("the server doesn't start: \(error)")
        }
        invariants = Invariants(limits: limits, ownChunks: Inspection(of: server).chunks)
        while poll() {}
    }

    /// Somebody brings new settings. The server takes them in its next tick. The number of
    /// connections stays.
    package func change(_ change: (inout Settings) -> Void) {
        let connections = limits.connections
        change(&settings)
        settings.limits.connections = connections
        limits = settings.limits
        world.note("new settings: \(settings)")
        invariants.limitsChanged(limits)
        inbox.put(settings)
        world.isWoken = true
    }

    /// Somebody brings nothing, because the new settings are faulty.
    package func keepSettings() {
        inbox.put(nil)
        world.isWoken = true
    }

    package var isRunning: Bool { server.isRunning }
    package var life: Life { server.life }
    package var metrics: Metrics { server.metrics }
    package var connectionCount: Int { server.connectionCount }
    package var inspection: Inspection { Inspection(of: server) }
    /// The server's log messages.
    package var messages: [String] { log.messages }
    /// The same, each message with its metadata: `Stopped connections=0`.
    package var logEntries: [String] { log.entries }

    /// Connects a client, which sends nothing yet.
    package func connect(
        from address: SocketAddress = SocketAddress(ipv4: 0xC000_0201, port: 1)
    ) -> Client {
        clientCount += 1
        clients.append(
            Client(number: clientCount, world: world, reader: reader, address: address))
        return clients[clients.count - 1]
    }

    /// Whether the server has read all that its clients have sent.
    package var isQuiet: Bool {
        clients.allSatisfy { $0.isSilent }
    }

    /// Stops playing this client, which does nothing from now on.
    package func abandon(_ client: Client) {
        clients.removeAll { $0 === client }
    }

    /// Runs the server and its clients until nothing is left to do at this instant.
    package func settle() { run(until: world.now) }

    /// Lets `milliseconds` pass.
    package func advance(milliseconds: UInt64) {
        settle()
        run(until: Instant(nanoseconds: world.now.nanoseconds + milliseconds * 1_000_000))
    }

    /// Stops at the first violation, because later ones would be meaningless.
    private func run(until target: Instant) {
        var (ticks, instant) = (0, world.now)
        var haveActed = poll()
        while server.isRunning, world.violations.isEmpty {
            // Work that is left is done at this instant.
            world.horizon = haveActed ? world.now : target
            haveActed = tick()
            if world.isIdle, !haveActed, target <= world.now { return }
            ticks = instant == world.now ? ticks + 1 : 0
            instant = world.now
            guard ticks < Self.tickLimit else { return world.violate("nothing comes to rest") }
        }
        while !server.isRunning, poll() {}
    }

    func poll() -> Bool {
        var haveActed = false
        for client in clients where client.poll() { haveActed = true }
        return haveActed
    }

    /// Runs one turn of the server, then one of each client. Returns whether a client did anything.
    @discardableResult
    package func tick() -> Bool {
        tickServer()
        return poll()
    }

    /// Runs one turn of the server and none of the clients.
    package func tickServer() {
        log.passed(to: world.now)
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

    /// Lets only this client send its pending bytes, then runs one turn of the server.
    package func tickServer(polling client: Client) {
        client.push()
        tickServer()
    }

    /// Checks the conditions that hold once all clients are gone.
    package func checkEmpty() {
        invariants.checkEmpty(Inspection(of: server), server.metrics, world)
    }
}
