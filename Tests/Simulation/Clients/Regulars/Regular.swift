internal import Chat
internal import ChatServer
internal import Reactor
internal import TestSupport

/// A user of the rich dialect that comes back when its connection is lost. It resumes each room
/// where it was, and sends unacknowledged lines again with the same ids.
final class Regular {
    let number: Int
    let world: World
    let chronicle: Chronicle
    let limits: Limits
    private let simulation: Simulation

    private(set) var client: Client?
    /// The number of connections so far.
    private var connections = 0
    /// When this connection was opened, on the chronicle's clock.
    private(set) var since = 0
    private(set) var arrived = Instant(nanoseconds: 0)
    /// Whether it has stopped reading for a while, or missed lines, on this connection.
    var hasLagged = false
    var hasLeft = false
    private(set) var requests = 0
    /// The number of lines said so far.
    var lines = 0

    // State of this connection.
    var eventsSeen = 0
    var waiting: [String: Request] = [:]
    var streams: [String: RoomStream] = [:]
    /// Rooms that it is certainly in: `joined` has arrived, and it hasn't left since.
    var sure: Set<String> = []
    /// Rooms that it wants to be in.
    private(set) var wanted: Set<String> = []
    var names = OwnNames()
    var dueErrors = 0
    var isClosing = false

    // State that outlives the connection.
    /// Its position in each room.
    var progress: [String: (epoch: String, seq: UInt64)] = [:]
    /// Lines to send again.
    var unsent: [Sending] = []
    var name: String

    init(number: Int, simulation: Simulation, chronicle: Chronicle) {
        self.number = number
        self.simulation = simulation
        self.chronicle = chronicle
        world = simulation.world
        limits = simulation.limits
        name = Saying.username(&simulation.world.random)
    }

    /// Whether it has stopped dawdling, that is, not reading for a while.
    var isCalm = false

    var isOnline: Bool { client != nil }
    var isChatting: Bool { client?.phase == .open && !hasLeft }

    /// Lines that wait for a reply.
    var sendings: [Sending] {
        waiting.values.compactMap {
            if case .message(let sending) = $0 { sending } else { nil }
        }
    }

    /// The rooms that it is in, as far as it knows.
    var rooms: [String] { streams.keys.sorted() }

    func violate(_ what: String) {
        world.violate("regular \(number), client \(client?.number ?? 0): \(what)")
    }

    // MARK: Coming and going

    /// Connects, and joins the rooms where it was and one more.
    func arrive(_ rooms: [String]) {
        let client = simulation.connect(
            from: SocketAddress(ipv4: 0xC000_0200 + UInt32(world.random.number(in: 1...3)), port: 2)
        )
        self.client = client
        connections += 1
        since = chronicle.tick()
        arrived = world.now
        (eventsSeen, dueErrors) = (0, 0)
        (hasLagged, hasLeft, isClosing) = (false, false, false)
        (waiting, streams, sure) = ([:], [:], [])
        names = OwnNames()
        client.isCut = world.random.happens(world.faults.cuts)
        client.compression = .drawn(from: &world.random, for: simulation.limits)
        if simulation.identity.demand == .required {
            client.fields = Pass.crowd(in: world)
        }
        client.handshakeRichly()
        world.note("regular \(number) comes as client \(client.number)")
        if wanted.isEmpty || world.random.happens(200) { wanted.insert(world.random.pick(rooms)) }
        for room in wanted.sorted() { join(room) }
        if !isCalm, world.random.happens(150) { dawdle() }
    }

    func join(_ room: String) {
        guard let client else { return }
        wanted.insert(room)
        sure.remove(room)
        let id = nextID("j")
        var start = RoomStream.Start.last(UInt64(world.random.pick([0, 1, 10, 50, 200])))
        if let known = progress[room], world.random.happens(900) {
            start = .after(epoch: known.epoch, seq: known.seq)
        }
        let floor: UInt64
        switch start {
        case .after(let epoch, let seq):
            floor = chronicle.last(in: room, epoch: epoch)
            client.join(room, as: nil, after: (epoch, seq), id: id)
        case .last(let count):
            floor = chronicle.last(in: room, epoch: nil)
            client.join(room, as: nil, history: Int(count), id: id)
        }
        waiting[id] = .join(room: room, start: start, floor: floor)
        world.note("regular \(number) joins \(room): \(start)")
        // Unacknowledged lines are sent after the join.
        let again = unsent.filter { $0.room == room }
        unsent.removeAll { $0.room == room }
        for sending in again where !isTooOld(sending) { send(sending, namesItself: true) }
    }

    /// Joins a room that it is already in.
    func joinAgain(_ room: String) {
        let id = nextID("J")
        let count = world.random.number(in: 0...200)
        client?.join(room, as: nil, history: count, id: id)
        waiting[id] = .join(room: room, start: .last(UInt64(count)), floor: 0)
    }

    func leave(_ room: String) {
        wanted.remove(room)
        sure.remove(room)
        names.left(room, with: sendings.filter { $0.room == room })
        let id = nextID("l")
        client?.leave(room, id: id)
        waiting[id] = .leave(room: room)
        world.note("regular \(number) leaves \(room)")
    }

    /// Ends the connection in a random way.
    func breakOff() {
        guard let client else { return }
        hasLeft = true
        world.note("regular \(number) breaks off")
        switch world.random.number(in: 1...4) {
        case 1: client.close()
        case 2: client.finish()
        case 3: client.link.breakOff()
        default: client.link.reset()
        }
    }

    /// The connection is gone. Its position in each room is where it will resume.
    func lost() {
        for room in rooms {
            if let stream = streams[room] { remember(room, stream) }
        }
        for var sending in sendings {
            sending.attempts += 1
            unsent.append(sending)
        }
        unsent.sort { $0.number < $1.number }
        client = nil
        (waiting, streams, sure) = ([:], [:], [])
    }

    func remember(_ room: String, _ stream: RoomStream) {
        progress[room] = stream.cursor.map { (stream.epoch, $0) }
    }

    /// After a jump of the clock it isn't known which ids a server that starts finds in its store.
    func clockJumped() {
        if simulation.store != nil { unsent = [] }
    }

    private func isTooOld(_ sending: Sending) -> Bool {
        world.now.milliseconds - sending.since.milliseconds > 200_000
    }

    func nextID(_ kind: String) -> String {
        requests += 1
        return "\(kind)\(requests)-\(number)"
    }

    // MARK: Dawdling

    func dawdle() {
        hasLagged = true
        world.note("regular \(number) dawdles")
        switch world.random.number(in: 1...3) {
        case 1: client?.reads = false
        case 2: client?.appetite = world.random.number(in: 1...300)
        default: client?.answersPings = false
        }
    }

    func recover() {
        client?.reads = true
        client?.appetite = .max
        client?.answersPings = true
    }
}
