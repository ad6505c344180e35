import Chat
import Reactor
import WebSocket

@testable import ChatServer

/// The parts of a server without the server, connected in the same way, for suites that need more
/// than one of them.
struct Parts: ~Copyable {
    let limits: Limits
    var network = ScriptedNetwork()
    var clock = Clock(start: Instant(nanoseconds: 0))
    var connections: Connections
    var hub: Hub
    var streams: RoomStreams
    var outbox: Outbox
    /// Chunks that the outbox keeps for itself.
    let ownChunks: Int
    private var sockets: Int32 = 100

    init(_ limits: Limits = Limits(), compression: Bool = false, isStored: Bool = false) {
        self.limits = limits
        connections = Connections(limits: limits, now: clock.coarse)
        hub = Hub(
            limits: limits.chat, capacity: limits.connections,
            ordering: isStored ? .elsewhere : .inPlace(firstEpoch: 7))
        streams = RoomStreams(
            limits: limits, deflater: compression ? WireRules.makeDeflater() : nil)
        var pool = ChunkPool()
        let standing = StandingChunks(welcome: [1], refusal: [2, 2], in: &pool)
        ownChunks = pool.count
        outbox = Outbox(pool: pool, standing: standing)
    }

    var now: CoarseTime { clock.coarse }

    /// Chunks with references outside the outbox.
    var chunks: Int { outbox.pool.count - ownChunks }

    mutating func advance(milliseconds: UInt64) {
        network.time = network.time.advanced(byMilliseconds: milliseconds)
        _ = clock.tickBegan(
            at: network.time, wall: Timestamp(milliseconds: network.wallClock()), waited: nil)
    }

    // MARK: Connections

    /// Adds a connection for HTTP.
    mutating func connect() -> Int {
        sockets += 1
        let socket = Socket(rawValue: sockets)
        let token = try? connections.accept(
            socket, isRefused: false, over: &network, at: clock.coarse)
        guard let index = token?.index else {
            preconditionFailure("the table is full, or nothing can be registered")
        }
        return index
    }

    /// Adds a connection for a dialect of the chat.
    mutating func connect(_ dialect: Dialect, taking encoding: Encoding = .plain) -> Int {
        let index = connect()
        connections.upgraded(
            index, to: Connection.ChatState(dialect: dialect, encoding: encoding))
        return index
    }

    /// Ends a connection: it leaves its rooms, and its socket is closed.
    mutating func end(_ index: Int) {
        if connections[index].isInChat {
            connections.leftChat(index)
            while let id = hub.firstMembership(of: MemberID(index: index)) { leave(index, id) }
            hub.gone(MemberID(index: index))
        }
        connections.end(index)
        while let ended = connections.nextEnded() {
            var connection = connections.remove(ended)
            connection.outbound.removeAll(pool: &outbox.pool)
        }
    }

    /// The bytes that the kernel took for a connection.
    func taken(_ index: Int) -> [UInt8] { network.taken[connections[index].socket] ?? [] }

    /// The payloads of the frames that the kernel took, as texts.
    func texts(_ index: Int) -> [String] { ChatServerTests.texts(in: taken(index)) }

    // MARK: Rooms

    /// A connection enters a room, at its head or behind its last lines.
    @discardableResult
    mutating func enter(
        _ index: Int, _ name: RoomName = .lobby, as username: String? = nil, last: Int = 0
    ) -> RoomID {
        let member = MemberID(index: index)
        let room: RoomID
        if connections[index].isRich {
            let logged = hub.room(named: name).map { found in
                streams.firstSeq(of: found) ?? hub.lastSeq(of: found) + 1
            }
            let entrance = hub.joined(
                member, name, as: username, start: .last(last), logged: logged ?? 1,
                resumeLimit: 0)
            room = hub.room(of: entrance.membership)
        } else {
            room = hub.entered(member, room: name)
        }
        streams.entered(room, taking: connections[index].encoding)
        return room
    }

    mutating func leave(_ index: Int, _ id: MembershipID) {
        let room = hub.room(of: id)
        streams.left(room, taking: connections[index].encoding)
        if hub.left(id) != nil { streams.vanished(room, pool: &outbox.pool) }
    }

    func membership(_ index: Int, in room: RoomID) -> MembershipID {
        guard let id = hub.membership(of: MemberID(index: index), in: room) else {
            preconditionFailure("connection \(index) is not in the room")
        }
        return id
    }

    /// Says a line, which is numbered and put into the open batch of its room. Returns whether that
    /// batch is full.
    @discardableResult
    mutating func say(_ text: String, in room: RoomID) -> Bool {
        let draft = Draft(
            room: hub.name(of: room), time: clock.wall, username: "ann", message: text, key: nil)
        let seq = hub.numbered(draft, in: room, at: 0)
        return streams.append(
            seq, to: room, named: draft.room, at: clock.text(of: draft.time),
            draft.username.utf8.span, text.utf8.span, arePlain: true)
    }

    /// Says lines and keeps them in the room's log, as one batch that isn't delivered.
    mutating func keep(_ texts: [String], in room: RoomID) {
        for text in texts { say(text, in: room) }
        guard let batch = streams.seal(room, pool: &outbox.pool) else { return }
        keep(batch, in: room)
    }

    /// Puts a sealed batch into the room's log, and trims that if it is too large.
    mutating func keep(_ batch: SealedBatch, in room: RoomID) {
        guard streams.keep(batch, of: room, at: clock.coarse, pool: outbox.pool) else { return }
        streams.trim(room, hub, connections, at: clock.coarse, pool: &outbox.pool)
    }

    /// Ends a tick: queued bytes go out.
    mutating func flush() {
        outbox.flush(&connections, over: &network, at: clock.coarse)
        outbox.forgetFlushed()
    }
}

/// The payloads of consecutive frames, as texts.
func texts(in bytes: [UInt8]) -> [String] {
    var frames = WrittenFrames()
    var texts: [String] = []
    while let payload = frames.next(in: bytes.span) {
        texts.append(String(decoding: bytes[payload], as: UTF8.self))
    }
    return texts
}

extension WaitingCommand {
    /// A waiting command. Its content doesn't matter.
    static var sample: WaitingCommand {
        .opening(Command.parse(#"{"type":"join","room":"go"}"#.utf8.span))
    }
}
