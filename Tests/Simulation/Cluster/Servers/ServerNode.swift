internal import Chat
internal import ChatCluster
internal import ChatServer
internal import Filters
internal import Identity
internal import Reactor

/// A node of a simulated cluster: a whole server with its clients, and the node's side of all
/// shards.
final class ServerNode {
    /// Which of the shards' connections are its own.
    let place: Int
    let name: NodeName
    let simulation: Simulation
    private let keeper: NodeKeeper
    private(set) var run: NodeRun
    private(set) var shards: ShardSet
    private let mailboxLimit: Int
    private var mailbox: NodeMailbox
    /// The lines that the server waits for.
    private var group: [Submission] = []
    /// Whether its process runs.
    private(set) var lives = true
    /// Until then, its process stands still.
    private var standsUntil: UInt64 = 0
    /// What its connections have brought meanwhile.
    private var events: [(shard: Int, event: ShardEvent)] = []
    /// Whether its clients may have something to do.
    private var isStirred = true

    init(
        _ place: Int, _ run: NodeRun, shards count: Int, limits: Limits, mailbox limit: Int,
        seed: UInt64, at now: UInt64
    ) throws(SystemError) {
        (self.place, self.run, name, mailboxLimit) = (place, run, run.name, limit)
        let (verifier, keeper) = (SimulatedVerifier(), NodeKeeper())
        let mailbox = NodeMailbox(limit: limit)
        (self.keeper, self.mailbox) = (keeper, mailbox)
        simulation = try Simulation(
            limits: limits, seed: seed, orderer: mailbox, life: UInt64(place + 1) << 16,
            identity: IdentityRules(
                demand: .optional, verifier: verifier, inbox: keeper.inbox, keeper: keeper))
        simulation.world.verifier = verifier
        simulation.world.isRich = true
        shards = ShardSet(run, shards: count, noTerms: TermList(), at: now)
        keeper.tell(mailbox)
        simulation.world.pass(to: Self.instant(now))
    }

    var world: World { simulation.world }
    /// Whether lines of its server are under way.
    var hasLines: Bool { !group.isEmpty }
    var label: String { "\(name.text).\(run.number)" }
    /// Why the node must not run. Nil if it may.
    var refusal: String? { shards.refusal }

    func stands(at now: UInt64) -> Bool { now < standsUntil }

    /// Its clients have something to do.
    func stir() { isStirred = true }

    private static func instant(_ now: UInt64) -> Instant {
        Instant(nanoseconds: now * 1_000_000)
    }

    // MARK: Faults

    func die() { lives = false }

    /// Another process of the node starts.
    func start(_ run: NodeRun, shards count: Int, at now: UInt64) {
        (self.run, lives, standsUntil) = (run, true, 0)
        shards = ShardSet(run, shards: count, noTerms: TermList(), at: now)
        (mailbox, events, group) = (NodeMailbox(limit: mailboxLimit), [], [])
        keeper.tell(mailbox)
        simulation.crash(onto: mailbox)
        isStirred = true
    }

    /// Its server stands still, and its whole process if `isWhole`.
    func standStill(milliseconds: UInt64, isWhole: Bool, at now: UInt64) {
        guard world.now.milliseconds <= now else { return }
        if isWhole { standsUntil = now + milliseconds }
        simulation.freeze(milliseconds: milliseconds)
    }

    // MARK: Time

    /// When it has something to do by itself.
    var nextTime: UInt64 {
        guard lives else { return .max }
        let wait = isStirred || mailbox.hasReplies ? 0 : world.waitEnd.milliseconds
        // A server that stands still goes on then.
        let server = max(wait, world.now.milliseconds)
        return max(events.isEmpty ? min(shards.deadline, server) : 0, standsUntil)
    }

    func pass(to now: UInt64) { world.pass(to: Self.instant(now)) }

    /// Something has happened on its connections to a shard.
    func heard(_ event: ShardEvent, from shard: Int) { events.append((shard, event)) }

    /// Does all that it can do now. `perform` carries out what it wants of its shards. Returns
    /// whether there was anything.
    func turn(
        at now: UInt64, _ truth: ClusterTruth,
        perform: (_ effects: [ShardEffect], _ shard: Int) -> Void
    ) -> Bool {
        guard lives, standsUntil <= now else { return false }
        var hasActed = !events.isEmpty
        for (shard, event) in events {
            world.note("shard \(shard): \(event)")
            shards.received(event, from: shard, at: now)
        }
        events = []
        for request in mailbox.takeRequests() {
            hasActed = true
            world.note("the server asks: \(request)")
            if case .append(let submissions) = request { group = submissions }
            shards.received(request, at: now)
        }
        if shards.deadline <= now {
            hasActed = true
            shards.timePassed(to: now)
        }
        deliver(shards.takeReplies(), truth)
        for shard in shards.counts.indices {
            let effects = shards.takeEffects(for: shard)
            if !effects.isEmpty { world.note("to shard \(shard): \(effects)") }
            perform(effects, shard)
        }
        return serve(at: now) || hasActed
    }

    private func serve(at now: UInt64) -> Bool {
        if keeper.takeNews() || mailbox.hasReplies { world.isWoken = true }
        guard world.now.milliseconds <= now,
            isStirred || world.isWoken || world.waitEnd.milliseconds <= now
        else { return false }
        simulation.settle()
        isStirred = false
        return true
    }

    private func deliver(_ replies: [OrdererReply], _ truth: ClusterTruth) {
        for reply in replies {
            world.note("the server is told: \(reply)")
            guard case .answered(let answers) = reply else { continue }
            for (submission, answer) in zip(group, answers) {
                truth.answered(submission, of: run, answer)
            }
            group = []
        }
        for room in mailbox.add(replies) { shards.lagged(room) }
    }
}
