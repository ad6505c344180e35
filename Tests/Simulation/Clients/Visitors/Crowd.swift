internal import Chat
internal import ChatServer
internal import Reactor
internal import TestSupport
internal import WebSocket

/// Users that come, chat, dawdle, leave and come back, all drawn from a seed. A user that dawdles
/// doesn't read for a while.
final class Crowd {
    private let simulation: Simulation
    let world: World
    private let chronicle: Chronicle
    let regulars: Regulars
    private let readers: Readers
    private(set) var visits: [Visit] = []
    private let size: Int
    let rooms: [String]
    /// Whether dawdling and network faults have ended.
    private(set) var isCalm = false
    var isDraining = false {
        didSet {
            regulars.isDraining = isDraining
            readers.isDraining = isDraining
        }
    }
    private let endings: Endings

    /// `strangers` is the largest number of other connections. `regulars` is the number of users of
    /// the rich dialect, and `readers` that of readers of event streams.
    init(
        simulation: Simulation, size: Int, regulars: Int, readers: Int, strangers: Int, rooms: Int,
        isTight: Bool
    ) {
        self.simulation = simulation
        world = simulation.world
        chronicle = Chronicle(world: simulation.world)
        self.size = size
        self.rooms = (0..<rooms).map { "room-\($0)" }
        self.regulars = Regulars(
            simulation: simulation, chronicle: chronicle, size: regulars, rooms: self.rooms,
            isTight: isTight)
        self.readers = Readers(
            simulation: simulation, chronicle: chronicle, size: readers, rooms: self.rooms,
            isTight: isTight)
        endings = Endings(
            simulation.limits, connections: 4 * (size + strangers + regulars + readers),
            isTight: isTight)
    }

    /// Lets a few users act.
    func act() {
        if world.random.happens(world.faults.clockSteps) {
            world.wallClock += Int64(world.random.number(in: -100_000_000...100_000_000))
            chronicle.clockHasJumped = true
            regulars.clockJumped()
        }
        if world.random.happens(world.faults.storms) {
            for _ in 0..<size { arrive() }
        }
        if world.random.happens(world.faults.resets) {
            let open = visits.filter { !$0.isOver }
            if !open.isEmpty { world.random.pick(open).client.link.breakOff() }
        }
        for _ in 0..<world.random.number(in: 1...4) {
            let present = visits.filter { !$0.isOver && !$0.hasLeft }
            if present.count < size, present.isEmpty || world.random.happens(150) { arrive() }
            let chatting = visits.filter(\.isChatting)
            if !chatting.isEmpty { act(world.random.pick(chatting)) }
        }
        regulars.act()
        readers.act()
    }

    private func arrive() {
        let address = SocketAddress(
            ipv4: 0xC000_0200 + UInt32(world.random.number(in: 1...3)), port: 1)
        let client = simulation.connect(from: address)
        client.isCut = world.random.happens(world.faults.cuts)
        let room = world.random.pick(rooms)
        if world.random.happens(100) {
            let statuses = askAway(client)
            visits.append(Visit(client: client, room: room, purpose: .requests(statuses)))
            return
        }
        let visit = Visit(client: client, room: room, purpose: .chat)
        visits.append(visit)
        client.compression = .drawn(from: &world.random, for: simulation.limits)
        if simulation.identity.demand == .required {
            client.fields = Pass.crowd(in: world)
        }
        client.handshake(room: room)
        world.note("client \(client.number) arrives in \(room)")
        if world.random.happens(200) { dawdle(visit) }
        // The first lines needn't wait for the answer.
        if world.random.happens(300) { speak(visit) }
    }

    private func act(_ visit: Visit) {
        let client = visit.client
        switch world.random.number(in: 1...100) {
        case 1...60: speak(visit)
        case 61...65: for _ in 0..<world.random.number(in: 2...12) { speak(visit) }
        case 66...72: mumble(visit)
        case 73...78: client.send(.ping, "ping".utf8)
        case 79...80: client.send(.pong, [])
        case 81...86: dawdle(visit)
        case 87...91:
            client.reads = true
            client.appetite = .max
            client.answersPings = true
        default: leave(visit)
        }
    }

    private func speak(_ visit: Visit) {
        visit.said += 1
        let saying = Saying(
            tag: "\(visit.client.number)#\(visit.said)",
            characters: simulation.limits.chat.textCharacters, random: &world.random)
        visit.saidWell += 1
        chronicle.said(
            saying, in: visit.room, by: visit.client.number, number: visit.said)
        world.note("client \(visit.client.number) says line \(visit.said)")
        send(saying, from: visit.client)
    }

    /// Sends a line that will be refused.
    private func mumble(_ visit: Visit) {
        let saying = Saying(
            refusedOf: simulation.limits.chat.textCharacters, random: &world.random)
        guard let code = saying.refusal else { return }
        visit.dueErrors[code, default: 0] += 1
        world.note("client \(visit.client.number) mumbles: \(code)")
        send(saying, from: visit.client)
    }

    /// Sends a line in one frame, or in fragments with a ping between them.
    private func send(_ saying: Saying, from client: Client) {
        guard world.random.happens(100) else { return client.send(.text, saying.json) }
        let cut = world.random.number(in: 0...saying.json.count)
        client.send(.text, saying.json[..<cut], isFinal: false)
        client.send(.ping, "between".utf8)
        client.send(.continuation, saying.json[cut...])
    }

    private func dawdle(_ visit: Visit) {
        visit.hasLagged = true
        world.note("client \(visit.client.number) dawdles")
        switch world.random.number(in: 1...3) {
        case 1: visit.client.reads = false
        case 2: visit.client.appetite = world.random.number(in: 1...300)
        default: visit.client.answersPings = false
        }
    }

    private func leave(_ visit: Visit) {
        visit.hasLeft = true
        let client = visit.client
        switch world.random.number(in: 1...5) {
        case 1: client.close(world.random.pick([.normal, .goingAway, nil]))
        case 2:
            client.close()
            client.finish()
        case 3: client.finish()
        case 4: client.link.reset()
        default: vanish(visit)
        }
        world.note("client \(client.number) leaves")
    }

    /// The client's machine loses power: it does nothing more, and the server isn't told.
    private func vanish(_ visit: Visit) {
        visit.isOver = true
        simulation.abandon(visit.client)
        // Without pings the server can't notice.
        if simulation.limits.pingInterval == 0 { visit.client.link.reset() }
    }

    /// Ends dawdling and network faults.
    func calmDown() {
        isCalm = true
        world.note("calm")
        world.faults = .none
        world.descriptorLimit = .max
        for visit in visits {
            visit.client.reads = true
            visit.client.appetite = .max
            visit.client.answersPings = true
            visit.client.isCut = false
        }
        regulars.calmDown()
        readers.calmDown()
    }

    /// Lets absent regulars and readers come back.
    func gather() {
        regulars.gather()
        readers.gather()
    }

    /// Lets every user say something.
    func talk() {
        regulars.talk()
        for visit in visits where visit.isChatting { speak(visit) }
    }

    /// Lets every user leave in a random way.
    func disperse() {
        regulars.disperse()
        readers.disperse()
        for visit in visits where visit.isChatting { leave(visit) }
    }

    /// Checks the events that have arrived.
    func examine() {
        for visit in visits where !visit.isOver {
            visit.examine(chronicle, world)
            guard visit.client.ending != nil else { continue }
            visit.isOver = true
            endings.judge(
                visit, isDraining: isDraining, failedOver: chronicle.failedOver, world)
        }
        regulars.examine()
        readers.examine()
    }

    /// A new server runs after one has died or ended.
    func serverStarted() { chronicle.serverStarted() }

    /// The machine died in an epoch and left this disk.
    func machineDied(in epoch: String, leaving disk: Disk) {
        chronicle.machineDied(in: epoch, leaving: disk)
    }

    /// Another machine has taken over the store, under connected clients.
    func failedOver(from: Disk, to: Disk) { chronicle.failedOver(from: from, to: to, visits) }

    /// Checks all connected users, once nothing is left to do.
    func checkAll() {
        for visit in visits where visit.isChatting {
            visit.checkAnswers(world)
            chronicle.checkComplete(visit)
        }
        let visitors = { [visits] room in
            visits.count { $0.isChatting && $0.room == room && $0.purpose == .chat }
        }
        regulars.checkAll { [readers] in visitors($0) + readers.count(in: $0) }
        readers.checkAll { [regulars] in visitors($0) + regulars.count(in: $0) }
    }
}
