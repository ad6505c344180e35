internal import Chat
internal import Reactor
internal import TestSupport
internal import WebSocket

/// A user of the plain dialect, on one node of a cluster at a time.
final class Passer {
    let number: Int
    let cluster: ServerCluster
    private(set) var client: Client?
    private(set) var node: ServerNode?
    private(set) var room = ""
    private var linesSeen = 0
    private var hasLeft = false
    private var next: UInt64?
    /// The lines that have come on this connection.
    private(set) var seen: Set<UInt64> = []
    private(set) var first: UInt64?
    private var sayings = 0

    init(number: Int, cluster: ServerCluster) {
        (self.number, self.cluster) = (number, cluster)
    }

    var isOnline: Bool { client != nil }
    var isChatting: Bool { client?.phase == .open && !hasLeft }

    private func violate(_ what: String) {
        cluster.broken(what, by: "passer \(number)", client, on: node)
    }

    func arrive(on node: ServerNode) {
        let client = node.simulation.connect(
            from: SocketAddress(ipv4: 0xC000_0300 + UInt32(number), port: 2))
        (self.node, self.client) = (node, client)
        let name = cluster.random.pick(cluster.rooms)
        (room, linesSeen, hasLeft, next, seen, first) = (name.text, 0, false, nil, [], nil)
        client.handshake(room: room)
        node.stir()
    }

    func act() {
        if cluster.random.happens(100) { return breakOff() }
        say()
    }

    func say() {
        sayings += 1
        client?.say("p\(number)#\(sayings)", as: "passer\(number)")
        node?.stir()
    }

    private func breakOff() {
        hasLeft = true
        if Bool.random(using: &cluster.random) { client?.close() } else { client?.link.reset() }
        node?.stir()
    }

    /// Checks what has arrived since the last call.
    func examine() {
        guard let client, let name = RoomName(room) else { return }
        for line in client.lines[linesSeen...] { heard(line, in: name) }
        linesSeen = client.lines.count
        guard client.ending != nil else { return }
        // It can't be told that it lacks something. Numbers jump where a node that comes late into
        // an epoch has seen higher ones before, and a burst may be more than a small log has.
        let mayLack =
            cluster.isForgetful || cluster.hasBegunAgain(name) || cluster.limits.hasSmallLogs
        let isDue =
            client.closeCode == .tryAgainLater && mayLack
            || client.closeCode == .serviceRestart && cluster.hasBegunAgain(name)
        if !hasLeft, !client.link.isBroken, !isDue {
            violate("it was closed: \(client.closeCode?.rawValue ?? 1_006)")
        }
        node?.simulation.abandon(client)
        (self.client, node) = (nil, nil)
    }

    private func heard(_ line: ChatEvent, in name: RoomName) {
        guard let seq = line.seq else { return violate("\(line)") }
        if cluster.truth.epochs(of: line, in: name).isEmpty { violate("\(line) was never said") }
        defer {
            next = seq + 1
            seen.insert(seq)
        }
        guard let next else {
            first = seq
            return
        }
        if seq < next { violate("line \(seq) instead of \(next)") }
        let lacking = next < seq ? (next..<seq).first { !cluster.truth.mayLack($0, in: name) } : nil
        guard let lacking else { return }
        violate("line \(seq) without \(lacking)")
    }
}
