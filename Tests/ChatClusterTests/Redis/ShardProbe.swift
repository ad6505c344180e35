import Chat
import Reactor
import Redis
import Testing

@testable import ChatCluster

/// Asks a Redis what a node asks it, one command at a time.
final class ShardProbe {
    static let channels = ShardChannels(database: 0)

    let run: NodeRun
    private let loop: RedisLoop
    private let link: RedisLink
    private let codec: ShardCodec
    private var events: [RedisLink.Event] = []
    private var groups: UInt64 = 0

    init(
        _ path: String, database: Int = 0, node: String = "a", run: UInt64 = 1,
        terms: ShardTerms = ShardTerms()
    ) throws {
        self.run = NodeRun(try #require(NodeName(node)), number: run)
        let loop = try RedisLoop()
        self.loop = loop
        let link = RedisLink(
            to: try RedisURL("unix:\(path)?db=\(database)"),
            greeting: ShardCodec.loading(ShardChannels(database: database))
        ) { loop.wake() }
        self.link = link
        var replies: [RedisValue]?
        let end = RedisLoop.now.advanced(byMilliseconds: 20_000)
        while replies == nil, RedisLoop.now < end, let event = Self.next(&events, link, loop) {
            if case .opened(let found) = event { replies = found }
        }
        let loaded = try #require(replies)
        codec = try #require(ShardCodec(loaded, terms))
    }

    /// Nil if nothing comes within 20 s.
    private static func next(
        _ events: inout [RedisLink.Event], _ link: RedisLink, _ loop: RedisLoop
    ) -> RedisLink.Event? {
        let end = RedisLoop.now.advanced(byMilliseconds: 20_000)
        var isReady = false
        while events.isEmpty, RedisLoop.now < end {
            link.turn(at: RedisLoop.now, isReady: isReady, into: &events)
            if !events.isEmpty { break }
            isReady = loop.wait(for: [link], until: min(link.deadline ?? end, end))[0]
        }
        return events.isEmpty ? nil : events.removeFirst()
    }

    /// What Redis says next.
    func value() throws -> RedisValue {
        let event = try #require(Self.next(&events, link, loop))
        guard case .received(let value) = event else { throw RedisProblem("\(event)") }
        return value
    }

    func send(_ command: ShardCommand, compares: Bool = false) {
        link.send(codec.request(for: command, compares: compares))
    }

    func send(_ request: RedisRequest) { link.send(request) }

    func ask(_ command: ShardCommand, compares: Bool = false) throws -> ShardReply {
        send(command, compares: compares)
        return try ReplyCode.reply(to: command, value())
    }

    @discardableResult func redis(_ words: String...) throws -> RedisValue {
        link.send(RedisRequest(words.map { Array($0.utf8) }))
        return try value()
    }

    /// The command that appends lines as the next group.
    func append(_ drafts: [Draft], in epoch: Epoch, room: RoomName = .lobby) -> ShardCommand {
        groups += 1
        let submissions = zip(0..., drafts).map { Submission(id: $0, draft: $1) }
        return .append(run, group: groups, room, epoch, submissions)
    }

    /// The answers to lines that are appended.
    func say(
        _ drafts: [Draft], in epoch: Epoch, room: RoomName = .lobby
    ) throws -> [SubmissionAnswer] {
        let reply = try ask(append(drafts, in: epoch, room: room))
        guard case .appended(.answered(let answers)) = reply else {
            throw RedisProblem("\(reply)")
        }
        return answers
    }

    /// The id of a line that waits from now on.
    func hold(_ text: String, group: UInt64) throws -> UInt64 {
        let hold = HeldRequest.Hold(ticket: 1, .sample(text), .hold)
        let reply = try ask(.changes(.hold(run, group: group, [hold])))
        guard case .changes(.held(let outcomes, _)) = reply,
            case .waits(let line)? = outcomes.first
        else { throw RedisProblem("\(reply)") }
        return line.id
    }

    /// The clock of the shard.
    func milliseconds() throws -> UInt64 {
        let parts = try redis("TIME").elements?.compactMap { $0.number } ?? []
        let (seconds, rest) = (try #require(parts.first), try #require(parts.last))
        return UInt64(seconds * 1_000 + rest / 1_000)
    }

    /// Begins an epoch, which must be the first one on the shard.
    func begin(_ number: UInt64 = 1) throws -> Epoch {
        let epoch = Epoch(number: number)
        #expect(try ask(.begin(epoch, after: nil)) == .begun(epoch))
        return epoch
    }

    /// The state of the shard.
    func state() throws -> ShardState {
        let reply = try ask(.beat(run, rooms: []))
        guard case .beaten(let state, _) = reply else { throw RedisProblem("\(reply)") }
        return state
    }

    func open(_ room: RoomName = .lobby) throws -> RoomSnapshot {
        let reply = try ask(.open(room))
        guard case .opened(let snapshot) = reply else { throw RedisProblem("\(reply)") }
        return snapshot
    }

    func read(from: UInt64, through: UInt64, of room: RoomName = .lobby) throws -> RoomPage {
        let reply = try ask(.read(room, from: from, through: through))
        guard case .read(let page) = reply else { throw RedisProblem("\(reply)") }
        return page
    }

    /// The entries after a position. Nil if they are gone.
    func catchUp(
        after seq: UInt64, rev: UInt64 = 0, of room: RoomName = .lobby
    ) throws -> [StoredEntry]? {
        let reply = try ask(.catchUp(room, after: RoomCursor(seq: seq, rev: rev)))
        guard case .caughtUp(_, let entries) = reply else { throw RedisProblem("\(reply)") }
        return entries
    }
}
