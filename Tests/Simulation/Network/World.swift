package import Reactor
package import TestSupport

/// The server's environment: clocks, connections, signals and their faults. It is shared by the
/// server's ``SimulatedNetwork`` and the code that plays the clients.
package final class World {
    package var random: SplitMix64
    package var faults: Faults
    /// The largest number of descriptors for connections that the server may have open.
    package var descriptorLimit = Int.max
    /// Bytes that the server's kernel holds for each client that doesn't read.
    package var sendBuffer = 65_536
    /// Receives each event, if a caller wants to see them.
    package var trace: ((String) -> Void)?

    package private(set) var now = Instant(nanoseconds: 3_600_000_000_000)
    /// How far the clock may advance while the server waits.
    package var horizon = Instant(nanoseconds: 3_600_000_000_000)
    /// Milliseconds since 1970. It may jump back and forth.
    package var wallClock: Int64 = 1_769_860_800_000
    /// Whether the last wait would have blocked.
    package private(set) var isIdle = false
    /// When the last wait that would have blocked was to end.
    private(set) var waitEnd = Instant(nanoseconds: 0)
    /// Rules that the server or a client has broken.
    package private(set) var violations: [String] = []
    /// Stores of servers that have died or ended. Clients may still get what was read from them.
    var earlierStores: [SimulatedStore] = []

    /// Whether all connections are encrypted.
    package let isVeiled: Bool

    /// Whether there are clients of the rich dialect, which receive more than lines.
    var isRich = false
    /// The store that keeps the server's lines and wakes its waits. Nil if there is none.
    var store: SimulatedStore?
    /// Whether an orderer that isn't simulated wakes the server in the next wait.
    package var isWoken = false
    package var verifier: SimulatedVerifier?

    /// Milliseconds for which the server's process stands still in its next write.
    package var standstill: UInt64 = 0
    /// The end of the last time that passed while the server did not wait. A step of its clock may
    /// have passed then.
    private(set) var workedUntil: Instant?

    let listener = Socket(rawValue: 3)
    var listenerInterest: Interest?
    /// Connections that wait to be accepted.
    var backlog: [Link] = []
    var signals: [Int32] = []
    /// How often the server has given memory back.
    package var memoryGivenBack = 0
    /// Links by descriptor. A number is used only once, so that stale use is noticed.
    private var links: [Link?] = []
    private var candidates: [Link] = []
    /// The token of a connection that was closed.
    private var staleToken: Token?
    private var turnsWithoutProgress = 0
    /// The number of the server's waits so far: its ticks.
    private(set) var turn = 0
    /// The number of connections accepted in this tick.
    private var acceptsInTurn = 0
    package internal(set) var acceptedCount = 0
    package private(set) var closedCount = 0

    /// Descriptors of connections that are open in the server.
    package var openCount: Int { acceptedCount - closedCount }

    private static let firstDescriptor: Int32 = 10
    /// Turns without progress of a byte or the clock above which the server counts as spinning. A
    /// receive buffer full of the smallest frames takes fewer.
    private static let turnLimit = 200
    private static let receiveBuffer = 65_536
    /// Connections that a server may accept in one tick, so that other clients don't wait.
    private static let acceptLimit = 128

    package init(seed: UInt64, faults: Faults = .none, isVeiled: Bool = false) {
        self.isVeiled = isVeiled
        random = SplitMix64(seed: seed)
        self.faults = faults
    }

    package func violate(_ what: String) {
        note("violation: \(what)")
        if violations.count < 20 { violations.append(what) }
    }

    /// A client connects. The server has yet to accept it.
    package func connect(from address: SocketAddress) -> Link {
        let link = Link(
            world: self, address: address, sendBuffer: sendBuffer,
            receiveBuffer: Self.receiveBuffer)
        backlog.append(link)
        return link
    }

    /// Gives the link a descriptor in the server.
    func open(_ link: Link) -> Socket {
        let descriptor = Self.firstDescriptor + Int32(links.count)
        link.descriptor = Socket(rawValue: descriptor)
        links.append(link)
        acceptedCount += 1
        acceptsInTurn += 1
        if acceptsInTurn > Self.acceptLimit { violate("\(acceptsInTurn) accepts in one tick") }
        return link.descriptor
    }

    /// The link of an open descriptor. Use of any other descriptor is a violation.
    func link(_ socket: Socket, _ call: String) -> Link? {
        let place = Int(socket.rawValue - Self.firstDescriptor)
        guard links.indices.contains(place) else {
            violate("\(call) of descriptor \(socket.rawValue), which never existed")
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

    /// A byte has moved, or a connection has come or gone.
    func progressed() {
        turnsWithoutProgress = 0
    }

    /// The link's readiness may have changed.
    func mayBeReady(_ link: Link) {
        guard !link.isCandidate, link.token != nil else { return }
        link.isCandidate = true
        candidates.append(link)
    }

    /// One wait of the server. The clock moves only here, and only if nothing is ready.
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
        // Work that the store has left at this instant wakes the server.
        if let store, store.hurry() { return wakeUp(into: &ready) }
        isIdle = true
        let wanted = milliseconds.map { now.nanoseconds + UInt64($0) * 1_000_000 } ?? .max
        waitEnd = Instant(nanoseconds: wanted)
        let due = store?.next?.nanoseconds ?? .max
        let next = Instant(nanoseconds: min(wanted, horizon.nanoseconds, due))
        guard now < next else { return }
        pass(to: next)
        guard let store, due <= now.nanoseconds else { return }
        isIdle = false
        store.advance(to: time)
    }

    /// Time passes while the server waits.
    func pass(to next: Instant) {
        guard now < next else { return }
        wallClock += Int64(next.milliseconds - now.milliseconds)
        now = next
        progressed()
    }

    /// The server has worked for this long.
    func spend(_ nanoseconds: UInt64) {
        let before = now.milliseconds
        now.nanoseconds += nanoseconds
        if nanoseconds > 0 { workedUntil = now }
        wallClock += Int64(now.milliseconds - before)
    }

    private func wakeUp(into ready: inout [ReadyEvent]) {
        isWoken = false
        store?.woke()
        note("the store wakes the server")
        progressed()
        ready.append(ReadyEvent(token: .waker, readiness: .readable))
    }

    /// The server's process dies. The kernel resets its connections, accepted or waiting.
    func serverDied() {
        for case let link? in links + backlog {
            (link.token, link.interest, link.isBlocked) = (nil, [], false)
            link.breakOff()
        }
        links = links.map { _ in nil }
        (backlog, candidates, signals) = ([], [], [])
        (listenerInterest, staleToken) = (nil, nil)
        verifier?.serverDied()
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
        if store?.wakes == true || isWoken || verifier?.hasAnswers == true {
            add(nil, .waker, .readable)
        }
        if let staleToken, random.happens(faults.staleReports) {
            add(nil, staleToken, [.readable, .writable, .broken])
        }
        if found.count > 1, random.happens(faults.partialReports) {
            found.shuffle(using: &random)
            found.removeLast(random.number(in: 0...found.count - 1))
        }
        for (link, event) in found.prefix(readyLimit) {
            if event.readiness.contains(.writable) { link?.isBlocked = false }
            if event.token == .waker { wakeUp(into: &ready) } else { ready.append(event) }
        }
    }
}
