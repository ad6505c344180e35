internal import Chat
internal import Dispatch
internal import Logging
internal import Reactor
internal import Redis

/// The thread of a node: it passes what happens on its connections and what the server wants to a
/// ``ShardSet``, and carries out what that decides.
struct NodeThread {
    /// How long a node that stops tries to give its name back, in milliseconds.
    private static let farewell: UInt64 = 250
    /// The time between two looks at the counts, in milliseconds, while nothing of note happens.
    private static let lookPause: UInt64 = 250

    private let run: NodeRun
    private let loop: RedisLoop
    private let inbox: NodeInbox
    private let mailbox: ReplyMailbox
    private let meter: NodeMeter
    private let log: Logger?
    private let refused: @Sendable (String) -> Void

    private var set: ShardSet
    private let shards: [ShardConnections]
    /// What has happened on each shard while something was sent. It is handled in the next turn.
    private var early: [[ShardEvent]]
    /// When the server has handed over the lines that it waits for.
    private var appended: Instant?
    private var wasRefused = false
    private var outages: [ShardOutage]
    /// When the counts are looked at again.
    private var lookDue: UInt64 = 0

    init(
        _ run: NodeRun, _ set: ShardSet, shards urls: [RedisURL], _ terms: ShardTerms,
        loop: RedisLoop,
        inbox: NodeInbox,
        mailbox: ReplyMailbox, meter: NodeMeter, log: Logger?,
        refused: @escaping @Sendable (String) -> Void
    ) {
        (self.run, self.loop, self.inbox) = (run, loop, inbox)
        (self.mailbox, self.meter, self.log, self.refused) = (mailbox, meter, log, refused)
        self.set = set
        shards = urls.enumerated().map { shard, url in
            var terms = terms
            terms.shard = shard
            if shard > 0 { terms.secrets = nil }
            return ShardConnections(to: url, terms) { loop.wake() }
        }
        early = urls.map { _ in [] }
        outages = urls.map { ShardOutage(of: $0) }
    }

    /// Works until the inbox says to close.
    mutating func work() {
        var ready = shards.flatMap { $0.links.map { _ in false } }
        while true {
            if let done = turn(ready: ready) {
                leave()
                done.signal()
                return
            }
            ready = loop.wait(for: shards.flatMap(\.links), until: deadline)
        }
    }

    private var deadline: Instant? {
        if early.contains(where: { !$0.isEmpty }) { return RedisLoop.now }
        let own = set.deadline
        let due = own == .max ? nil : Instant(nanoseconds: 0).advanced(byMilliseconds: own)
        return (shards.map(\.deadline) + [due]).compactMap { $0 }.min()
    }

    /// Returns the semaphore to signal if the thread is to end.
    private mutating func turn(ready: [Bool]) -> DispatchSemaphore? {
        // What has arrived is heard before the time is looked at, so that a process that stood
        // still doesn't take its shard for silent.
        let now = RedisLoop.now
        for (shard, connections) in shards.enumerated() {
            var events = early[shard]
            early[shard] = []
            connections.turn(at: now, ready: ready[2 * shard...2 * shard + 1], into: &events)
            for event in events {
                note(event, of: shard, at: now.milliseconds)
                set.received(event, from: shard, at: now.milliseconds)
            }
        }
        let waiting = inbox.take()
        for request in waiting.requests {
            if case .append = request { appended = now }
            set.received(request, at: now.milliseconds)
        }
        if set.deadline <= now.milliseconds { set.timePassed(to: now.milliseconds) }
        deliver()
        for (shard, connections) in shards.enumerated() {
            for effect in set.takeEffects(for: shard) {
                connections.carryOut(effect, at: now, into: &early[shard])
            }
            connections.turn(at: now, ready: [false, false], into: &early[shard])
        }
        look(at: now.milliseconds)
        if !wasRefused, let reason = set.refusal {
            wasRefused = true
            refused(reason)
        }
        return waiting.closing
    }

    private mutating func deliver() {
        let replies = set.takeReplies()
        guard !replies.isEmpty else { return }
        let now = RedisLoop.now
        meter.replied(
            replies, after: appended.map { now.nanoseconds - $0.nanoseconds } ?? 0)
        if replies.contains(where: \.isOfNote) {
            lookDue = 0
            look(at: now.milliseconds)
        }
        for room in mailbox.add(replies) { set.lagged(room) }
    }

    private mutating func note(_ event: ShardEvent, of shard: Int, at now: UInt64) {
        switch event {
        case .connected: outages[shard].ended(at: now, log)
        case .disconnected(let reason): outages[shard].failed(reason, at: now, log)
        case .answered, .subscribed, .published, .pruned, .news, .present: return
        }
        lookDue = 0
    }

    /// Shows others how the shards are.
    private mutating func look(at now: UInt64) {
        guard lookDue <= now else { return }
        lookDue = now + Self.lookPause
        let (counts, open) = (set.counts, set.open)
        for (shard, count) in counts.enumerated() {
            outages[shard].sawEpochChanges(count.epochChanges, log)
        }
        meter.looked(
            at: shards.indices.map { shard in
                ClusterReport.Shard(
                    isReady: open[shard], counts[shard], roundTrips: shards[shard].roundTrips)
            })
    }

    /// Gives the name back, as far as that is possible in a moment.
    private func leave() {
        for shard in shards { shard.leave(run) }
        let end = RedisLoop.now.advanced(byMilliseconds: Self.farewell)
        var ready = shards.flatMap { $0.links.map { _ in false } }
        while shards.contains(where: \.isLeaving), RedisLoop.now < end {
            for (shard, connections) in shards.enumerated() {
                var events: [ShardEvent] = []
                connections.turn(
                    at: RedisLoop.now, ready: ready[2 * shard...2 * shard + 1], into: &events)
            }
            ready = loop.wait(for: shards.flatMap(\.links), until: end)
        }
    }
}

extension OrdererReply {
    /// Whether it tells how shards are.
    fileprivate var isOfNote: Bool {
        switch self {
        case .ready, .failing, .recovered: true
        case .checking, .answered, .changed, .held, .notified, .reported, .following,
            .followFailed, .entries, .lagging, .read, .readFailed, .pruned, .present:
            false
        }
    }
}
