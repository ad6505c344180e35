import Chat
import ChatCluster

/// A node's side of one shard, and what a test lets the shard say to it.
struct Bench {
    static let epoch = Epoch(number: 7)

    /// Another node.
    static var other: NodeRun {
        guard let name = NodeName("other") else { preconditionFailure("no name") }
        return NodeRun(name, number: 2)
    }

    var follower: ShardFollower
    var now: UInt64 = 0
    private(set) var commands: [(number: UInt64, command: ShardCommand)] = []
    private(set) var effects: [ShardEffect] = []

    init(_ name: String = "node") {
        guard let name = NodeName(name) else { preconditionFailure("no name") }
        follower = ShardFollower(NodeRun(name, number: 1), at: 0)
    }

    /// A node that has entered, and follows the room at this position.
    static func following(_ room: RoomName, at seq: UInt64 = 0) -> Bench {
        var bench = Bench()
        bench.enter()
        bench.request(.follow(room))
        bench.event(.subscribed(room))
        bench.answer(.opened(RoomSnapshot(epoch: epoch, lastSeq: seq, oldest: 1)))
        _ = bench.replies()
        return bench
    }

    static func state(
        _ epoch: Epoch? = Bench.epoch, isSameData: Bool = true, trouble: String? = nil
    ) -> ShardState {
        ShardState(
            epoch: epoch, isSameData: isSameData, time: Timestamp(milliseconds: 0), news: 0,
            trouble: trouble)
    }

    /// An entry of the room, as it is published alone.
    static func line(_ seq: UInt64) -> StoredEntry {
        let line = Line(
            seq: seq, time: Timestamp(milliseconds: 0), username: "ann", message: "\(seq)")
        return StoredEntry(RoomCursor(seq: seq, rev: 0), .line(line, .unknown))
    }

    static func publication(_ seq: UInt64) -> Publication {
        Publication(epoch, after: RoomCursor(seq: seq - 1, rev: 0), [line(seq)])
    }

    static func submission(
        _ id: UInt64, in room: RoomName = .lobby, key: String? = nil
    ) -> Submission {
        Submission(
            id: id,
            draft: Draft(
                room: room, time: Timestamp(milliseconds: 0), username: "ann", message: "\(id)",
                key: key))
    }

    mutating func enter() {
        event(.connected)
        answer(.entered(Self.state()))
        // The first beat of the connection.
        answer(.beaten(Self.state(), []))
    }

    mutating func request(_ request: OrdererRequest) {
        follower.received(request, at: now)
        take()
    }

    mutating func event(_ event: ShardEvent) {
        follower.received(event, at: now)
        take()
    }

    /// The shard answers the oldest command, if there is one.
    mutating func answer(_ reply: ShardReply) {
        guard !commands.isEmpty else { return }
        event(.answered(commands.removeFirst().number, reply))
    }

    /// Time passes. The shard doesn't answer.
    mutating func wait(_ milliseconds: UInt64) {
        let end = now + milliseconds
        while follower.deadline <= end {
            now = max(now, follower.deadline)
            follower.timePassed(to: now)
            take()
        }
        now = end
    }

    /// Time passes. The shard answers beats.
    mutating func waitBeating(_ milliseconds: UInt64) {
        let end = now + milliseconds
        while now < end {
            wait(min(100, end - now))
            while case .beat(_, let rooms)? = commands.first?.command {
                let heads = rooms.map { _ in RoomCursor() }
                answer(.beaten(Self.state(), heads))
            }
        }
    }

    private mutating func take() {
        let taken = follower.takeEffects()
        effects += taken
        for effect in taken {
            switch effect {
            case .command(let number, .changes(let command)):
                event(.answered(number, Self.reply(to: command)))
            // Nobody is there, and the shard says nothing of that.
            case .command(_, .presence), .command(_, .trim): break
            case .command(let number, let command): commands.append((number, command))
            case .reconnect: commands = []
            case .subscribe, .unsubscribe: break
            }
        }
    }

    /// Nobody changes anything: the shard answers at once that nothing is there.
    static func reply(to command: ChangeCommand) -> ShardReply {
        switch command {
        case .survey: .changes(.surveyed([], isLast: true))
        case .waiting: .changes(.waiting([], isLast: true))
        case .revocations: .changes(.revocations([]))
        case .unerased: .changes(.unerased([:]))
        case .news, .consult, .scan, .make, .erase, .log, .hold, .release, .drop, .notify:
            .failed(reason: "nothing can be changed")
        }
    }

    mutating func disconnect() {
        commands = []
        event(.disconnected(reason: "broken"))
    }

    mutating func replies() -> [OrdererReply] { follower.takeReplies() }

    mutating func takeEffects() -> [ShardEffect] {
        defer { effects = [] }
        return effects
    }
}
