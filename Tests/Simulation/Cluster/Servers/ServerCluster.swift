internal import Chat
internal import ChatCluster
internal import ChatServer
internal import Reactor
internal import TestSupport

/// Whole servers, the nodes of a cluster, over simulated shards. Time passes only on request.
final class ServerCluster {
    let truth = ClusterTruth()
    var random: SplitMix64
    let rooms: [RoomName]
    let limits: Limits
    /// The entries that may wait for a server.
    private let mailboxLimit: Int
    /// Whether old lines are deleted.
    let isForgetful: Bool
    var faults: ShardFaults
    let nodeFaults: NodeFaults
    /// Whether connections hold, all nodes live, and the shards answer and keep everything.
    let isGentle: Bool
    var shards: [SimulatedShard]
    /// A second process with the name of another one is the last.
    var nodes: [ServerNode] = []
    private(set) var now: UInt64 = 3_600_000
    private var runs: UInt64 = 0
    /// The epochs of each shard, in order.
    private var epochs: [[String]]
    /// Since when each node can't reach each shard, and whether it was looked at since then.
    var cuts: [[UInt64?]]
    var isProbed: [Bool]
    /// When dead nodes start again.
    var starts: [(time: UInt64, node: Int)] = []
    /// Whether a node has died.
    var hasDied = false
    let trace: ((String) -> Void)?

    /// Rounds at one instant, above which nothing comes to rest.
    private static let rounds = 5_000
    /// How long a cut may go unnoticed.
    static let notice: UInt64 = 2_000

    init(
        nodes count: Int, shards shardCount: Int, rooms: Int, faults: ShardFaults,
        nodeFaults: NodeFaults, random: SplitMix64, trace: ((String) -> Void)?
    ) throws(SystemError) {
        var random = random
        var limits = Limits()
        limits.chat.linesPerSecond = 0
        limits.chat.errorsPerMinute = 0
        limits.costPerSecond = 0
        limits.pingInterval = 0
        limits.roomLogBytes = random.pick([Limits.smallLog, 1_048_576])
        mailboxLimit = faults.overflows > 0 ? random.pick([2, 5, 20]) : ReplyMailbox.limit
        isForgetful = faults.trims > 0
        let truth = truth
        shards = (0..<shardCount).map { number in
            SimulatedShard(
                number, nodes: count + 1, faults: faults, seed: random.next(), truth: truth)
        }
        self.rooms = (0..<rooms).compactMap { RoomName("room\($0)") }
        (self.faults, self.nodeFaults, self.limits) = (faults, nodeFaults, limits)
        (self.random, self.trace) = (random, trace)
        isGentle =
            faults.areOfPublicationsOnly && faults.trims == 0
            && nodeFaults.deaths + nodeFaults.standstills + nodeFaults.stalls == 0
        epochs = Array(repeating: [], count: shardCount)
        cuts = Array(repeating: Array(repeating: nil, count: shardCount), count: count + 1)
        isProbed = Array(repeating: false, count: count + 1)
        for place in 0..<count { nodes.append(try newNode(place, named: "node\(place)")) }
    }

    func newRun(_ name: String) -> NodeRun {
        guard let name = NodeName(name) else { preconditionFailure("no name") }
        runs += 1
        return NodeRun(name, number: runs)
    }

    func newNode(_ place: Int, named name: String) throws(SystemError) -> ServerNode {
        let node = try ServerNode(
            place, newRun(name), shards: shards.count, limits: limits, mailbox: mailboxLimit,
            seed: random.next(), at: now)
        if let trace { node.world.trace = { trace("\(name) \($0)") } }
        return node
    }

    // MARK: What is known

    var violations: [String] { truth.violations + nodes.flatMap(\.world.violations) }

    func shard(of room: RoomName) -> Int { nodes[0].shards.shard(of: room) }
    func data(of room: RoomName) -> MemoryRoom {
        shards[shard(of: room)].data.rooms[room] ?? MemoryRoom()
    }
    func epoch(of room: RoomName) -> String? { shards[shard(of: room)].data.epoch?.text }

    /// Whether a room's first lines are deleted, the one after this among them. A shard takes them
    /// for lines that are too old.
    func hasLostFirst(of room: String, after seq: UInt64) -> Bool {
        guard let name = RoomName(room) else { return false }
        let first = data(of: name).lines.last?.line.seq ?? .max
        return first > seq + 1 && truth.mayLack(seq + 1, in: name)
    }

    /// One of the nodes that live.
    func anyNode() -> ServerNode {
        let living = nodes.filter(\.lives)
        return random.pick(living)
    }

    /// Somebody has seen what must not be.
    func broken(_ what: String, by person: String, _ client: Client?, on node: ServerNode?) {
        let place = node?.label ?? "no node"
        truth.broken("\(person) on \(place), client \(client?.number ?? 0): \(what)")
    }

    /// Whether a room's shard has begun another epoch, which some node may learn of later.
    func hasBegunAgain(_ room: RoomName) -> Bool { epochs[shard(of: room)].count > 1 }

    /// The one of these epochs that began after another one.
    func later(_ some: [String], than epoch: String) -> String? {
        for order in epochs {
            guard let place = order.firstIndex(of: epoch) else { continue }
            return order[(place + 1)...].last { some.contains($0) }
        }
        return nil
    }

    // MARK: Time

    func play(for milliseconds: UInt64) { play(until: now + milliseconds) }

    /// Lets everything happen until a time.
    func play(until end: UInt64) {
        settle()
        while violations.isEmpty {
            let next = max(nextTime, now + 1)
            guard next <= end else { break }
            pass(to: next)
            settle()
        }
        pass(to: end)
    }

    private func pass(to time: UInt64) {
        now = max(now, time)
        for node in nodes { node.pass(to: now) }
    }

    private var nextTime: UInt64 {
        let own = min(
            shards.reduce(.max) { min($0, $1.nextTime) },
            nodes.reduce(.max) { min($0, $1.nextTime) })
        let start = starts.map(\.time).min() ?? .max
        let probes = nodes.filter { !isProbed[$0.place] && $0.lives }.compactMap { node in
            cuts[node.place].compactMap(\.self).min().map { $0 + Self.notice + 1 }
        }
        return min(own, min(start, probes.min() ?? .max))
    }

    /// Does what is to be done at this instant.
    private func settle() {
        for _ in 0..<Self.rounds {
            var hasActed = false
            for shard in shards.indices {
                while let (place, event) = shards[shard].next(at: now) {
                    hasActed = true
                    // Between two faults it may hear something.
                    cuts[place][shard] = nil
                    nodes.first { $0.place == place && $0.lives }?.heard(event, from: shard)
                }
                noteEpoch(of: shard)
            }
            for node in nodes where turn(node) { hasActed = true }
            for start in starts where start.time <= now { begin(start.node) }
            starts.removeAll { $0.time <= now }
            guard hasActed, violations.isEmpty else { return checkCuts() }
        }
        truth.broken("nothing comes to rest at \(now)")
    }

    /// Lets a node do what it can do now. Returns whether there was anything.
    func turn(_ node: ServerNode) -> Bool {
        node.turn(
            at: now, truth,
            perform: { effects, shard in
                shards[shard].perform(effects, of: node.place, at: now)
            })
    }

    private func noteEpoch(of shard: Int) {
        let epoch = shards[shard].data.epoch?.text
        // After a restart without the last writes, an earlier one is there until the next begins.
        guard let epoch, !epochs[shard].contains(epoch) else { return }
        epochs[shard].append(epoch)
    }
}

extension Limits {
    /// A room's log that few lines fill.
    fileprivate static let smallLog = 3_000

    var hasSmallLogs: Bool { roomLogBytes == Self.smallLog }
}
