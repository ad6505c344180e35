internal import Chat
internal import ChatCluster
internal import TestSupport

/// Some minutes of a cluster, drawn from a seed: nodes that say and follow, and faults, then calm.
/// Every broken promise is reported.
package struct ClusterStorm {
    let truth = ClusterTruth()
    private var random: SplitMix64
    let faults: ShardFaults
    var shards: [SimulatedShard]
    var nodes: [ClusterNode] = []
    let rooms: [RoomName]
    var now: UInt64 = 0
    /// What has happened without the time going on.
    private var steps = 0
    private var runs: UInt64 = 0
    private var sayings = 0
    /// Lines with keys, to say them again.
    private var known: [Draft] = []
    /// Since when each node can't reach each shard.
    var cutOffSince: [[UInt64?]]
    private var faultEnd: UInt64 = 0
    /// Whether a node has died.
    private var hasDied = false
    private let trace: ((String) -> Void)?

    /// More than ever happens at once.
    private static let stepsAtOnce = 10_000

    /// The violations of a run with this seed. `trace` receives all events.
    package static func violations(
        seed: UInt64, trace: ((String) -> Void)? = nil
    ) -> [String] {
        var storm = ClusterStorm(seed: seed, trace: trace)
        storm.rage()
        storm.calmDown()
        return storm.truth.violations
    }

    private init(seed: UInt64, trace: ((String) -> Void)?) {
        var random = SplitMix64(seed: seed)
        let faults = ShardFaults(drawnFrom: &random)
        let nodes = random.number(in: 2...4)
        let seeds = (0..<random.pick([1, 1, 2])).map { _ in random.next() }
        let truth = truth
        shards = seeds.enumerated().map {
            SimulatedShard($0, nodes: nodes, faults: faults, seed: $1, truth: truth)
        }
        rooms = (0..<random.number(in: 1...5)).compactMap { RoomName("room\($0)") }
        (self.random, self.faults, self.trace) = (random, faults, trace)
        cutOffSince = Array(
            repeating: Array(repeating: nil, count: seeds.count), count: nodes)
        for place in 0..<nodes { self.nodes.append(newNode(place)) }
    }

    private mutating func newNode(_ place: Int) -> ClusterNode {
        guard let name = NodeName("node\(place)") else { preconditionFailure("no name") }
        runs += 1
        let run = NodeRun(name, number: runs)
        return ClusterNode(run, shards: shards.count, truth: truth, at: now)
    }

    // MARK: Time

    /// Lets everything happen until a time.
    private mutating func play(until end: UInt64) {
        while truth.violations.isEmpty {
            let next = min(
                shards.reduce(.max) { min($0, $1.nextTime) },
                nodes.reduce(.max) { min($0, $1.deadline) })
            guard next <= end else { break }
            steps = next > now ? 0 : steps + 1
            if steps > Self.stepsAtOnce { truth.broken("something is due at \(now) for ever") }
            now = max(now, next)
            for shard in shards.indices {
                while let (node, event) = shards[shard].next(at: now) {
                    trace?("\(now) \(nodes[node].name) < shard \(shard): \(event)")
                    // Between two faults it may hear something.
                    cutOffSince[node][shard] = nil
                    nodes[node].received(event, from: shard, at: now)
                    perform(node)
                }
            }
            for node in nodes.indices where nodes[node].deadline <= now {
                nodes[node].timePassed(to: now)
                perform(node)
            }
            check()
        }
        now = end
    }

    private mutating func perform(_ node: Int) {
        for shard in shards.indices {
            let effects = nodes[node].takeEffects(for: shard)
            if let trace, !effects.isEmpty {
                trace("\(now) \(nodes[node].name) > shard \(shard): \(effects)")
            }
            shards[shard].perform(effects, of: node, at: now)
        }
    }

    // MARK: Phases

    private mutating func rage() {
        for _ in 0..<random.number(in: 50...250) where truth.violations.isEmpty {
            play(until: now + UInt64(random.number(in: 0...random.pick([2, 20, 100]))))
            act(random.number(in: 0...nodes.count - 1))
            for shard in shards.indices { shards[shard].suffer(at: now) }
            let room = random.pick(rooms)
            shards[nodes[0].shard(of: room)].trim(room, at: now)
            if random.happens(faults.deaths) { restartNode() }
        }
    }

    private mutating func act(_ node: Int) {
        let room = random.pick(rooms)
        switch random.number(in: 0...9) {
        case 0: nodes[node].unfollow(room, at: now)
        case 1: nodes[node].follow(room, at: now)
        case 2: nodes[node].catchUp(room, at: now)
        case 3: shards[nodes[node].shard(of: room)].change(room, at: now)
        case 4 where random.happens(faults.overflows * 10): nodes[node].overflow(room, at: now)
        default:
            let count = random.happens(15) ? random.number(in: 200...600) : random.number(in: 1...5)
            nodes[node].say((0..<count).map { _ in draft() }, at: now)
        }
        perform(node)
    }

    private mutating func draft() -> Draft {
        if !known.isEmpty, random.happens(150) {
            let old = random.pick(known)
            guard random.happens(200) else { return old }
            return Draft(
                room: old.room, time: old.time, username: old.username, message: "another",
                key: old.key)
        }
        sayings += 1
        let draft = Draft(
            room: random.pick(rooms), time: Timestamp(milliseconds: Int64(now)), username: "ann",
            message: "\(sayings)", key: random.happens(300) ? "key\(sayings)" : nil)
        if draft.key != nil { known.append(draft) }
        return draft
    }

    /// A node dies and starts again. Its name is still taken until its lease is over.
    private mutating func restartNode() {
        let node = random.number(in: 0...nodes.count - 1)
        nodes[node] = newNode(node)
        for shard in shards.indices { cutOffSince[node][shard] = nil }
        hasDied = true
        for shard in shards.indices { shards[shard].cut(node, at: now, telling: false) }
        trace?("\(now) \(nodes[node].name) starts")
    }

    private mutating func calmDown() {
        for shard in shards.indices {
            shards[shard].calm()
            faultEnd = max(faultEnd, shards[shard].lastFaultEnd)
        }
        faultEnd = max(faultEnd, now)
        // A late beat of a dead run renews its lease.
        if hasDied { faultEnd += ShardLimits.lease + 2 * ShardLimits.retry }
        if faults.areOfPublicationsOnly { sayLast() }
        play(until: faultEnd + 1_000)
        for node in nodes.indices { checkPositions(node) }
        // A shard that has refused a line counts as failing for a while.
        play(until: faultEnd + ShardLimits.refusal + 2_000)
        for node in nodes.indices { checkRest(node) }
    }

    /// One more line in each room shows what was lost before.
    private mutating func sayLast() {
        play(until: now + 100)
        for room in rooms {
            let node = random.number(in: 0...nodes.count - 1)
            let line = Draft(
                room: room, time: Timestamp(milliseconds: Int64(now)), username: "ann",
                message: "last", key: nil)
            nodes[node].say([line], at: now)
            perform(node)
        }
        play(until: now + 50)
        for node in nodes.indices { checkPositions(node) }
    }
}
