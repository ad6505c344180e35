internal import Chat
internal import ChatServer
internal import Reactor
internal import TestSupport
internal import WebSocket

/// Somebody who speaks the rich dialect, and comes again when the connection is lost: resumes each
/// room where it was, and sends again what was not acknowledged, under the same ids.
final class Regular {
    /// What was sent and waits for its reply.
    enum Request {
        case join(room: String, start: RoomStream.Start, floor: UInt64)
        case leave(room: String)
        case message(Sending)
        /// `floor` is a number that the room had reached.
        case history(room: String, before: UInt64, limit: UInt64, floor: UInt64)
        case members(room: String)
        /// Something that is refused with this code.
        case mistake(code: String)
    }

    /// A line on its way.
    struct Sending {
        let id: String
        let room: String
        let saying: Saying
        let since: Instant
        /// Its number among the requests of whoever sends it.
        let number: Int
        var attempts = 1
    }

    let number: Int
    let world: World
    let chronicle: Chronicle
    let limits: Limits
    private let simulation: Simulation

    private(set) var client: Client?
    /// Connections so far.
    private var connections = 0
    /// When this one was opened, on the chronicle's clock.
    private(set) var since = 0
    private(set) var arrived = Instant(nanoseconds: 0)
    /// It has been away from itself: dawdled, on this connection.
    var hasLagged = false
    var hasLeft = false
    /// Whether it sends lines again. Where the clock jumps ids are forgotten, and in a room that
    /// isn't stored nobody could tell apart then what was said in two lives of it.
    private let repeats: Bool
    private var requests = 0
    private var lines = 0

    // What it knows on this connection.
    var eventsSeen = 0
    var waiting: [String: Request] = [:]
    var streams: [String: RoomStream] = [:]
    /// Rooms that it is in for sure: `joined` has come, and it didn't leave since.
    var sure: Set<String> = []
    /// Rooms that it wants to be in.
    private(set) var wanted: Set<String> = []
    /// The name that it has for sure in a room.
    private var names: [String: String] = [:]
    /// Names that lines on their way give it, by the lines' ids.
    private var namings: [String: String] = [:]
    /// The last of them that were accepted, by room.
    private var lastNamings: [String: (seq: UInt64, name: String)] = [:]
    var dueErrors = 0
    var isClosing = false

    // What it knows for longer.
    /// Where it was in a room.
    var progress: [String: (epoch: String, seq: UInt64)] = [:]
    /// Lines that are to be sent again.
    var unsent: [Sending] = []
    var name: String

    init(number: Int, simulation: Simulation, chronicle: Chronicle) {
        self.number = number
        self.simulation = simulation
        self.chronicle = chronicle
        world = simulation.world
        limits = simulation.limits
        repeats = simulation.store != nil || simulation.world.faults.clockSteps == 0
        name = Saying.username(&simulation.world.random)
    }

    /// It dawdles no more.
    var isCalm = false

    var isOnline: Bool { client != nil }
    var isChatting: Bool { client?.phase == .open && !hasLeft }

    /// The rooms that it is in, as far as it knows.
    var rooms: [String] { streams.keys.sorted() }

    func violate(_ what: String) {
        world.violate("regular \(number), client \(client?.number ?? 0): \(what)")
    }

    // MARK: Coming and going

    /// Comes, to the rooms where it was and one more.
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
        (names, namings, lastNamings) = ([:], [:], [:])
        client.isCut = world.random.happens(world.faults.cuts)
        client.deflates = world.random.happens(300)
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
        // What was not acknowledged goes behind it.
        let again = unsent.filter { $0.room == room }
        unsent.removeAll { $0.room == room }
        for sending in again where !isTooOld(sending) { send(sending, namesItself: true) }
    }

    /// Joins a room that it is in already.
    private func joinAgain(_ room: String) {
        let id = nextID("J")
        let count = world.random.number(in: 0...200)
        client?.join(room, as: nil, history: count, id: id)
        waiting[id] = .join(room: room, start: .last(UInt64(count)), floor: 0)
    }

    func leave(_ room: String) {
        wanted.remove(room)
        sure.remove(room)
        (names[room], lastNamings[room]) = (nil, nil)
        for (id, request) in waiting {
            if case .message(let sending) = request, sending.room == room { namings[id] = nil }
        }
        let id = nextID("l")
        client?.leave(room, id: id)
        waiting[id] = .leave(room: room)
        world.note("regular \(number) leaves \(room)")
    }

    /// Ends the connection, in one way or another.
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

    /// The connection is gone: what it knew of the rooms is where it goes on next time.
    func lost() {
        for room in rooms {
            if let stream = streams[room] { remember(room, stream) }
        }
        let lost = waiting.values.compactMap {
            if case .message(let sending) = $0 { sending } else { nil }
        }
        for var sending in repeats ? lost : [] {
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

    /// Nobody can say any more which ids are known.
    func clockJumped() { unsent = [] }

    private func isTooOld(_ sending: Sending) -> Bool {
        world.now.milliseconds - sending.since.milliseconds > 200_000
    }

    // MARK: Speaking

    /// One of the things that somebody does.
    func act(_ rooms: [String]) {
        let room = wanted.isEmpty ? nil : world.random.pick(wanted.sorted())
        guard let room else { return join(world.random.pick(rooms)) }
        switch world.random.number(in: 1...100) {
        case 1...50: speak(in: room)
        case 51...55: for _ in 0..<world.random.number(in: 2...30) { speak(in: room) }
        case 56...61: askHistory(room)
        case 62...66: ask(.members(room: room)) { $0.askMembers(of: room, id: $1) }
        case 67...70: leave(room)
        case 71...76: join(in: rooms)
        case 77...80: mistake()
        case 81...86: dawdle()
        case 87...94: recover()
        default: breakOff()
        }
    }

    private func join(in rooms: [String]) {
        let room = world.random.pick(rooms)
        if wanted.contains(room) { joinAgain(room) } else { join(room) }
    }

    func speak(in room: String) {
        lines += 1
        if world.random.happens(50) { name = Saying.username(&world.random) }
        let saying = Saying(
            tag: "r\(number)#\(lines)", username: name, characters: limits.chat.textCharacters,
            random: &world.random)
        chronicle.said(saying, in: room, by: -number)
        let id = nextID("m")
        let sending = Sending(
            id: id, room: room, saying: saying, since: world.now, number: requests)
        send(sending, namesItself: names[room] != name || world.random.happens(500))
    }

    private func send(_ sending: Sending, namesItself: Bool) {
        guard let client else { return }
        if names[sending.room] != sending.saying.username { names[sending.room] = nil }
        let json = sending.saying.command(
            in: sending.room, id: sending.id, namesItself: namesItself, random: &world.random)
        client.send(.text, json)
        waiting[sending.id] = .message(sending)
        namings[sending.id] = namesItself ? sending.saying.username : nil
        world.note("regular \(number) says \(sending.id) in \(sending.room)")
    }

    /// A line was accepted, and with it the name that it gave, if no later one gives another.
    func accepted(_ sending: Sending, as seq: UInt64) {
        let room = sending.room
        // One that was sent before may have been said then, under whatever name it has now.
        let naming = sending.attempts == 1 ? namings.removeValue(forKey: sending.id) : nil
        if let naming, seq > lastNamings[room]?.seq ?? 0 { lastNamings[room] = (seq, naming) }
        if sending.attempts > 1 { lastNamings[room] = nil }
        let isLast = !waiting.values.contains {
            if case .message(let other) = $0 { other.room == room } else { false }
        }
        if isLast, let last = lastNamings[room] { names[room] = last.name }
    }

    /// A line was refused: it is sent again later, or given up.
    func refused(_ sending: Sending) {
        if repeats, world.random.happens(500) {
            var again = sending
            again.attempts += 1
            unsent.append(again)
        } else if sending.attempts == 1 {
            chronicle.refused(sending.saying.message)
        }
    }

    private func askHistory(_ room: String) {
        let last = streams[room]?.cursor ?? 10
        let before = UInt64(world.random.number(in: 0...Int(last) + 5))
        let limit = UInt64(world.random.pick([1, 10, 50, 200]))
        let floor = streams[room]?.cursor ?? 0
        ask(.history(room: room, before: before, limit: limit, floor: floor)) {
            $0.askHistory(of: room, before: before, limit: Int(limit), id: $1)
        }
    }

    func ask(_ request: Request, _ send: (Client, String) -> Void) {
        guard let client else { return }
        let id = nextID("q")
        send(client, id)
        waiting[id] = request
    }

    private func mistake() {
        dueErrors += 1
        let code = world.random.pick(["invalid_room", "unknown_type", "invalid_command"])
        ask(.mistake(code: code)) { client, id in
            switch code {
            case "invalid_room": client.join("No Room", id: id)
            case "unknown_type": client.command("dance", id: id, [])
            default: client.command("join", id: id, [])
            }
        }
    }

    private func nextID(_ kind: String) -> String {
        requests += 1
        return "\(kind)\(requests)-\(number)"
    }

    // MARK: Dawdling

    private func dawdle() {
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
