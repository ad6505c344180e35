package import Reactor
package import TestSupport

/// What stands around a server: clocks, connections, signals, and the faults of all of them. It is
/// shared by the server's ``SimulatedNetwork`` and by whoever plays the clients.
package final class World {
    package var random: SplitMix64
    package var faults: Faults
    /// Descriptors that the server may have open for connections at the same time.
    package var descriptorLimit = Int.max
    /// Bytes that the server's kernel keeps for each client that doesn't read.
    package var sendBuffer = 65_536
    /// Told each event, when somebody wants to see them.
    package var trace: ((String) -> Void)?

    package private(set) var now = Instant(nanoseconds: 3_600_000_000_000)
    /// How far the clock may go while the server waits.
    package var horizon = Instant(nanoseconds: 3_600_000_000_000)
    /// Milliseconds since 1970; steps back and forth as it likes.
    package var wallClock: Int64 = 1_769_860_800_000
    /// Whether the last wait would have blocked.
    package private(set) var isIdle = false
    /// What the server, or a client, did against the rules.
    package private(set) var violations: [String] = []
    /// Stores of servers that have died or ended, of which clients may still read.
    var earlierStores: [SimulatedStore] = []

    /// Whether clients of the rich dialect have come, who get more than lines.
    var isRich = false
    /// Where the server keeps its lines, which wakes its waits; nil: nowhere.
    var store: SimulatedStore?
    /// An orderer that is not simulated wakes the server with the next wait.
    package var isWoken = false

    let listener = Socket(rawValue: 3)
    var listenerInterest: Interest?
    /// Connections that wait to be accepted.
    var backlog: [Link] = []
    var signals: [Int32] = []
    /// By descriptor; a number is used only once, so that a stale one is noticed.
    private var links: [Link?] = []
    private var candidates: [Link] = []
    /// The token of a connection that was closed.
    private var staleToken: Token?
    private var turnsWithoutProgress = 0
    /// Waits of the server's so far: its ticks.
    private(set) var turn = 0
    /// Connections accepted in this tick.
    private var acceptsInTurn = 0
    package internal(set) var acceptedCount = 0
    package private(set) var closedCount = 0

    /// Descriptors of connections that are open in the server.
    package var openCount: Int { acceptedCount - closedCount }

    private static let firstDescriptor: Int32 = 10
    /// Turns of the server in which neither a byte nor the clock moves, past which it spins: more
    /// than it takes to look at a receive buffer full of the smallest frames.
    private static let turnLimit = 200
    private static let receiveBuffer = 65_536
    /// Connections that a server may accept in one tick, so that others aren't kept waiting.
    private static let acceptLimit = 128

    package init(seed: UInt64, faults: Faults = .none) {
        random = SplitMix64(seed: seed)
        self.faults = faults
    }

    package func violate(_ what: String) {
        note("violation: \(what)")
        if violations.count < 20 { violations.append(what) }
    }

    package func note(_ event: @autoclosure () -> String) {
        guard let trace else { return }
        trace("\(now.milliseconds) \(event())")
    }

    /// A client connects; the server has yet to accept it.
    package func connect(from address: SocketAddress) -> Link {
        let link = Link(
            world: self, address: address, sendBuffer: sendBuffer,
            receiveBuffer: Self.receiveBuffer)
        backlog.append(link)
        return link
    }

    package func raise(_ signal: Int32) {
        signals.append(signal)
    }

    /// The server gets a descriptor for the link.
    func open(_ link: Link) -> Socket {
        let descriptor = Self.firstDescriptor + Int32(links.count)
        link.descriptor = Socket(rawValue: descriptor)
        links.append(link)
        acceptedCount += 1
        acceptsInTurn += 1
        if acceptsInTurn > Self.acceptLimit { violate("\(acceptsInTurn) accepts in one tick") }
        return link.descriptor
    }

    /// The link of an open descriptor; it is against the rules to use another one.
    func link(_ socket: Socket, _ call: String) -> Link? {
        let place = Int(socket.rawValue - Self.firstDescriptor)
        guard links.indices.contains(place) else {
            violate("\(call) of descriptor \(socket.rawValue), which never was")
            return nil
        }
        guard let link = links[place] else {
            violate("\(call) of descriptor \(socket.rawValue), which is closed")
            return nil
        }
        return link
    }

    func forget(_ link: Link) {
        links[Int(link.descriptor.rawValue - Self.firstDescriptor)] = nil
        staleToken = link.token ?? staleToken
        link.token = nil
        closedCount += 1
        progressed()
    }

    /// A byte moved, or a connection came or went.
    func progressed() {
        turnsWithoutProgress = 0
    }

    /// The link's readiness may have changed.
    func mayBeReady(_ link: Link) {
        guard !link.isCandidate, link.token != nil else { return }
        link.isCandidate = true
        candidates.append(link)
    }

    /// One wait of the server's. The clock moves only here, and only if nothing is ready.
    func wait(milliseconds: Int32?, into ready: inout [ReadyEvent]) {
        ready.removeAll(keepingCapacity: true)
        (turn, acceptsInTurn) = (turn + 1, 0)
        isIdle = false
        if let store {
            store.advance(to: time)
            for breach in store.breaches { violate("the store: \(breach)") }
        }
        if random.happens(faults.interrupts) { return }
        report(into: &ready)
        guard ready.isEmpty, milliseconds != 0 else {
            turnsWithoutProgress += 1
            if turnsWithoutProgress > Self.turnLimit {
                violate("the server spins: \(ready.prefix(3)), timeout \(milliseconds ?? -1) ms")
                turnsWithoutProgress = 0
            }
            return
        }
        // What is left for the store to do at this instant wakes the server.
        if let store, store.hurry() { return wakeUp(into: &ready) }
        isIdle = true
        let wanted = milliseconds.map { now.nanoseconds + UInt64($0) * 1_000_000 } ?? .max
        let due = store?.next?.nanoseconds ?? .max
        let next = Instant(nanoseconds: min(wanted, horizon.nanoseconds, due))
        guard now < next else { return }
        wallClock += Int64(next.milliseconds - now.milliseconds)
        now = next
        progressed()
        guard let store, due <= now.nanoseconds else { return }
        isIdle = false
        store.advance(to: time)
    }

    /// The server has worked for so long.
    func spend(_ nanoseconds: UInt64) {
        let before = now.milliseconds
        now.nanoseconds += nanoseconds
        wallClock += Int64(now.milliseconds - before)
    }

    /// Stores that what is under way may come from.
    var stores: [SimulatedStore] { earlierStores + (store.map { [$0] } ?? []) }

    /// How late it is for a store.
    var time: WorldTime { WorldTime(now: now, wallClock: wallClock, turn: turn) }

    private func wakeUp(into ready: inout [ReadyEvent]) {
        ready.append(ReadyEvent(token: .waker, readiness: .readable))
        wokeUp()
    }

    private func wokeUp() {
        isWoken = false
        store?.woke()
        note("the store wakes the server")
        progressed()
    }

    /// The server's process dies: the kernel resets its connections, and those that wait for it.
    func serverDied() {
        for case let link? in links + backlog {
            (link.token, link.interest, link.isBlocked) = (nil, [], false)
            link.breakOff()
        }
        for place in links.indices { links[place] = nil }
        (backlog, candidates, signals) = ([], [], [])
        (listenerInterest, staleToken) = (nil, nil)
        (acceptedCount, closedCount, turnsWithoutProgress) = (0, 0, 0)
    }

    private func report(into ready: inout [ReadyEvent]) {
        var found: [(link: Link?, event: ReadyEvent)] = []
        func add(_ link: Link?, _ token: Token, _ readiness: Readiness) {
            found.append((link, ReadyEvent(token: token, readiness: readiness)))
        }
        if listenerInterest?.contains(.readable) == true, !backlog.isEmpty {
            add(nil, .listener(0), .readable)
        }
        candidates.removeAll { link in
            let readiness = link.token == nil ? [] : link.readiness
            link.isCandidate = !readiness.isEmpty
            if let token = link.token, !readiness.isEmpty { add(link, token, readiness) }
            return readiness.isEmpty
        }
        if !signals.isEmpty { add(nil, .signals, .readable) }
        if store?.wakes == true || isWoken { add(nil, .waker, .readable) }
        if let staleToken, random.happens(faults.staleReports) {
            add(nil, staleToken, [.readable, .writable, .broken])
        }
        if found.count > 1, random.happens(faults.partialReports) {
            found.shuffle(using: &random)
            found.removeLast(random.number(in: 0...found.count - 1))
        }
        for (link, event) in found.prefix(readyLimit) {
            if event.readiness.contains(.writable) { link?.isBlocked = false }
            if event.token == .waker { wokeUp() }
            ready.append(event)
        }
    }
}
