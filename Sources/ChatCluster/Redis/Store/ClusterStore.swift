public import Chat
internal import Dispatch
public import Logging
internal import Reactor
public import Redis
internal import Synchronization

/// An orderer that a server shares with other nodes: lines are kept and ordered by one or several
/// Redis servers, the shards, over which rooms are spread.
///
/// A thread of its own talks to all shards. It exists from the start until ``close()``, and
/// inherits the signal mask of the thread that makes the store.
///
/// A shard that can't be reached is tried again by itself. Until it answers, appends fail, and what
/// the server follows stays followed.
public final class ClusterStore: Orderer {
    /// The longest time that ``close()`` waits.
    private static let patience = DispatchTimeInterval.seconds(5)

    private let inbox: NodeInbox
    private let mailbox: ReplyMailbox
    private let meter: NodeMeter
    private let isClosed = Mutex(false)

    /// Starts to connect, and returns at once.
    ///
    /// - Parameters:
    ///   - shards: the same on all nodes, in the same order, at most 256.
    ///   - replicas: how many replicas of a shard must have a line before it is acknowledged.
    ///   - secrets: what the nodes have in common. The first shard gets it again if it loses it.
    ///   - undoPeriod: how long a change can be undone, in milliseconds.
    ///   - noTerms: a book without terms, as the server compares terms with lines.
    ///   - lines: about how many lines and changes of a room are kept, 0 for all. Lines above that
    ///     go as others come, a hundred at a time.
    ///   - maxAge: milliseconds after which a line is deleted, 0 for never. A round that looks for
    ///     such lines goes through all rooms every few seconds. It is carried on by one node.
    ///   - wake: is called on the store's thread when the first reply is added to an empty mailbox.
    ///     It must not block, and must not call the store.
    ///   - refused: is called once on the store's thread if the node must not run, with the reason.
    public init(
        node: NodeName, shards: [RedisURL], replicas: Int = 0, lines: Int = 0,
        maxAge: Int64 = 0,
        secrets: ClusterSecrets? = nil, undoPeriod: Int64 = 600_000, noTerms: any TermBook,
        wake: @escaping @Sendable () -> Void, log: Logger? = nil,
        refused: @escaping @Sendable (String) -> Void
    ) throws(RedisProblem) {
        guard shards.count <= ShardTerms.shards else {
            throw RedisProblem("at most \(ShardTerms.shards) Redis servers can be shards")
        }
        let loop = try RedisLoop()
        inbox = NodeInbox { loop.wake() }
        mailbox = ReplyMailbox(wake: wake)
        meter = NodeMeter(node: node.text)
        let terms = ShardTerms(replicas: replicas, entries: lines, age: maxAge, secrets: secrets)
        let now = RedisLoop.now.milliseconds
        let run = NodeRun(node, number: .random(in: 0 ... .max))
        // Dispatch makes a thread on demand, possibly with a delay. Start it now.
        DispatchQueue(label: "cluster").async { [inbox, mailbox, meter] in
            let set = ShardSet(
                run, shards: shards.count, named: shards.map(\.description),
                undoPeriod: undoPeriod, noTerms: noTerms, at: now)
            var thread = NodeThread(
                run, set, shards: shards, terms, loop: loop, inbox: inbox,
                mailbox: mailbox, meter: meter, log: log, refused: refused)
            thread.work()
        }
    }

    public var isShared: Bool { true }

    public func submit(_ request: OrdererRequest) { inbox.add(request) }

    public func takeReplies(into replies: inout [OrdererReply]) { mailbox.take(into: &replies) }

    public var metrics: StoreMetrics { meter.metrics }

    /// It is a fraction of a second old at most.
    public var cluster: ClusterReport? { meter.report }

    /// Ends the connections, and gives the node's name back. Requests after it are not answered.
    /// Returns false if that took too long.
    @discardableResult
    public func close() -> Bool {
        let wasClosed = isClosed.withLock { isClosed in
            defer { isClosed = true }
            return isClosed
        }
        guard !wasClosed else { return true }
        let done = DispatchSemaphore(value: 0)
        inbox.close(done)
        return done.wait(timeout: .now() + Self.patience) == .success
    }
}
