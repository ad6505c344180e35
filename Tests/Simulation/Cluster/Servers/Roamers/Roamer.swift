internal import Chat
internal import Reactor
internal import TestSupport
internal import WebSocket

/// A user of the rich dialect that comes back on any node of a cluster. It resumes each room where
/// it was, and sends lines again with the same ids, whether they were acknowledged or not.
final class Roamer {
    let number: Int
    let cluster: ServerCluster
    /// What its token says. Nil for a guest.
    let pass: Pass?
    /// Whether it wants to know of changes.
    let takesChanges: Bool
    let name: String
    /// The closes that it has to expect.
    var dueCloses: Set<UInt16> = []

    // State of this connection.
    private(set) var node: ServerNode?
    private(set) var client: Client?
    var hasLeft = false
    var eventsSeen = 0
    var waiting: [String: RoamerRequest] = [:]
    var streams: [String: RoamerStream] = [:]

    // State that outlives it.
    var wanted: Set<String> = []
    /// Rooms that it was banned from.
    var barred: Set<String> = []
    var places: [String: (epoch: String, seq: UInt64, rev: UInt64)] = [:]
    private(set) var lines: [String: RoamerLine] = [:]
    /// The ids of its lines, in order.
    private(set) var ids: [String] = []
    private var requests = 0
    /// The codes of errors, by what they answer.
    var refusals: [String: String] = [:]
    /// Orders that were carried out, by their changes where they have one.
    var done: [(order: RoamerOrder, rev: UInt64?)] = []

    init(number: Int, cluster: ServerCluster, pass: Pass?, takesChanges: Bool) {
        (self.number, self.cluster, self.pass) = (number, cluster, pass)
        self.takesChanges = takesChanges
        name = pass?.name ?? "roamer\(number)"
        // It may be banned from its last room.
        if pass?.role == .member { dueCloses = [CloseCode.banned.rawValue] }
    }

    var isOnline: Bool { client != nil }
    var isChatting: Bool { client?.phase == .open && !hasLeft }

    func violate(_ what: String) {
        cluster.broken(what, by: "roamer \(number)", client, on: node)
    }

    // MARK: Coming and going

    /// Connects to a node, and joins the rooms where it was.
    func arrive(on node: ServerNode) {
        let client = node.simulation.connect(
            from: SocketAddress(ipv4: 0xC000_0200 + UInt32(number), port: 2))
        (self.node, self.client) = (node, client)
        (eventsSeen, hasLeft, waiting, streams) = (0, false, [:], [:])
        if let pass { client.fields = [pass.header] }
        client.handshakeRichly()
        node.world.note("roamer \(number) comes as client \(client.number)")
        if wanted.isEmpty { wanted.insert(cluster.random.pick(cluster.rooms).text) }
        for room in wanted.sorted() { join(room) }
        node.stir()
    }

    func join(_ room: String) {
        guard let client else { return }
        wanted.insert(room)
        let id = nextID("j")
        let place = places[room]
        let rev = takesChanges ? place?.rev ?? 0 : nil
        if let place, cluster.random.happens(900) {
            client.join(room, as: name, after: (place.epoch, place.seq), rev: rev, id: id)
            waiting[id] = .join(room: room, after: (place.epoch, place.seq))
        } else {
            let count = cluster.random.pick([0, 10, 50])
            client.join(room, as: name, history: count, rev: rev, id: id)
            waiting[id] = .join(room: room, after: nil)
        }
        node?.stir()
    }

    func leave(_ room: String) {
        wanted.remove(room)
        let id = nextID("l")
        client?.leave(room, id: id)
        waiting[id] = .leave(room: room)
        node?.stir()
    }

    /// Ends the connection in a random way.
    func breakOff() {
        guard let client else { return }
        hasLeft = true
        switch cluster.random.number(in: 1...3) {
        case 1: client.close()
        case 2: client.link.breakOff()
        default: client.link.reset()
        }
        node?.stir()
    }

    /// The connection is gone.
    func lost() {
        for (room, stream) in streams { remember(room, stream) }
        if let client { node?.simulation.abandon(client) }
        (node, client, waiting, streams) = (nil, nil, [:], [:])
    }

    func remember(_ room: String, _ stream: RoamerStream) {
        places[room] = stream.cursor.map { (stream.epoch, $0, stream.rev) }
    }

    func nextID(_ kind: String) -> String {
        requests += 1
        return "\(kind)\(requests)-\(number)"
    }

    // MARK: Lines

    func speak(in room: String) {
        guard streams[room] != nil else { return }
        let id = nextID("m")
        let saying = Saying(
            tag: "r\(number)#\(requests)", username: name, characters: 300,
            random: &cluster.random)
        lines[id] = RoamerLine(id: id, room: room, saying: saying)
        ids.append(id)
        send(id)
    }

    /// Sends a line, again or for the first time.
    func send(_ id: String) {
        guard let client, let line = lines[id], streams[line.room] != nil, waiting[id] == nil else {
            return
        }
        lines[id]?.attempts += 1
        lines[id]?.sent = cluster.now
        waiting[id] = .line
        client.send(
            .text,
            line.saying.command(
                in: line.room, id: id, namesItself: true, random: &cluster.random))
        node?.stir()
    }

    /// A line was answered. Nil: it was refused.
    func settled(_ id: String, as seq: UInt64?) {
        if let seq { lines[id]?.acknowledged = seq }
        lines[id]?.isOpen = seq == nil && cluster.random.happens(500)
    }

    func ask(_ request: RoamerRequest, _ send: (Client, String) -> Void) {
        guard let client else { return }
        let id = nextID("q")
        send(client, id)
        waiting[id] = request
        node?.stir()
    }
}
