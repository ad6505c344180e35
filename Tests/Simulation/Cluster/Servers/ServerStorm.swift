internal import Chat
internal import ChatCluster
internal import Reactor
internal import TestSupport

/// Some minutes of a cluster of whole servers, drawn from a seed: users that come and go on all
/// nodes, and faults, then calm. Every broken promise is reported.
package final class ServerStorm {
    let cluster: ServerCluster
    let roamers: [Roamer]
    let passers: [Passer]
    private let turns: Int

    /// The violations of a run with this seed. `trace` receives all events.
    package static func violations(
        seed: UInt64, trace: ((String) -> Void)? = nil
    ) throws -> [String] {
        let storm = try ServerStorm(seed: seed, trace: trace)
        storm.rage()
        if storm.cluster.violations.isEmpty { try storm.calmDown() }
        return storm.cluster.violations
    }

    private init(seed: UInt64, trace: ((String) -> Void)?) throws(SystemError) {
        var random = SplitMix64(seed: seed)
        let faults = ShardFaults(drawnFrom: &random)
        let nodeFaults = NodeFaults(drawnFrom: &random, sparing: faults.areOfPublicationsOnly)
        turns = random.number(in: 20...120)
        let roamers = random.number(in: 2...8)
        let passers = random.number(in: 0...3)
        let cluster = try ServerCluster(
            nodes: random.number(in: 2...3), shards: random.pick([1, 1, 2]),
            rooms: random.number(in: 1...3), faults: faults, nodeFaults: nodeFaults,
            random: random, trace: trace)
        self.cluster = cluster
        trace?("shards: \(faults)")
        trace?("nodes: \(nodeFaults)")
        self.roamers = (0..<roamers + 4).map { number in
            let pass = Self.pass(number, in: cluster)
            return Roamer(
                number: number, cluster: cluster, pass: pass,
                takesChanges: cluster.random.happens(500))
        }
        self.passers = (0..<passers).map { Passer(number: $0, cluster: cluster) }
    }

    /// The first ones are an owner, a moderator, and users that they ban.
    private static func pass(_ number: Int, in cluster: ServerCluster) -> Pass? {
        let (sub, role): (String, Standing)
        switch number {
        case 0: (sub, role) = ("owner", .owner)
        case 1: (sub, role) = ("mod", .moderator)
        case 2, 3: (sub, role) = ("v\(number - 1)", .member)
        case 4: (sub, role) = ("user", .member)
        default: return nil
        }
        let now = cluster.nodes[0].world.wallClock / 1_000
        return Pass(
            sub: sub, name: sub, role: role, rooms: nil, issued: now - 1_000_000,
            expiry: now + 10_000_000, jti: sub)
    }

    // MARK: Phases

    private func rage() {
        for _ in 0..<turns where cluster.violations.isEmpty {
            for _ in 0..<cluster.random.number(in: 1...4) { act() }
            cluster.play(
                for: UInt64(cluster.random.number(in: 0...cluster.random.pick([2, 20, 100, 600]))))
            examine()
            cluster.suffer()
        }
    }

    private func act() {
        let node = cluster.random.pick(cluster.nodes)
        if !passers.isEmpty, cluster.random.happens(200) {
            let passer = cluster.random.pick(passers)
            if passer.isChatting {
                passer.act()
            } else if !passer.isOnline, node.lives {
                passer.arrive(on: node)
            }
            return
        }
        let roamer = cluster.random.pick(roamers)
        if roamer.isChatting {
            roamer.act()
            if cluster.random.happens(cluster.nodeFaults.resets) { roamer.client?.link.breakOff() }
        } else if !roamer.isOnline, node.lives {
            roamer.arrive(on: node)
        }
    }

    func examine() {
        for roamer in roamers { roamer.examine() }
        for passer in passers { passer.examine() }
    }

    private func calmDown() throws(SystemError) {
        // A server that lags reads what it misses, which takes longer.
        if cluster.isGentle, cluster.faults.overflows == 0 { checkDelays() }
        var end = cluster.calm()
        // A late beat of a dead run renews its lease.
        if cluster.hasDied { end += ShardLimits.lease + 2 * ShardLimits.retry }
        // A shard that has refused a line counts as failing for a while.
        play(until: end + ShardLimits.refusal + 2_000)
        for _ in 0..<3 {
            gather()
            play(for: 1_500)
        }
        for roamer in roamers {
            for room in roamer.streams.keys.sorted() { roamer.speak(in: room) }
        }
        for passer in passers where passer.isChatting { passer.say() }
        play(for: 3_000)
        guard cluster.violations.isEmpty else { return }
        for roamer in roamers {
            for room in roamer.streams.keys.sorted() { roamer.askMembers(of: room) }
        }
        play(for: 100)
        checkRest()
        guard cluster.violations.isEmpty else { return }
        checkOrders()
        if cluster.violations.isEmpty, cluster.random.happens(100) { try checkTwin() }
        if cluster.violations.isEmpty, cluster.random.happens(500) { checkDeath() }
    }

    func play(for milliseconds: UInt64) { play(until: cluster.now + milliseconds) }

    private func play(until end: UInt64) {
        while cluster.now < end, cluster.violations.isEmpty {
            cluster.play(until: min(end, cluster.now + 1_000))
            examine()
        }
    }

    /// Lets absent users come back, and join the rooms that refused them before.
    private func gather() {
        for roamer in roamers { gather(roamer) }
        for passer in passers where !passer.isOnline { passer.arrive(on: cluster.anyNode()) }
    }

    private func gather(_ roamer: Roamer) {
        if !roamer.isOnline { roamer.arrive(on: cluster.anyNode()) }
        guard roamer.isChatting else { return }
        let rooms = roamer.wanted.subtracting(roamer.barred).sorted()
        for room in rooms where roamer.streams[room] == nil { roamer.join(room) }
    }
}
