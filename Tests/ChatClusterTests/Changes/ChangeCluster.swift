import Simulation

@testable import Chat
@testable import ChatCluster

/// Nodes that change rooms of one shard. What is on its way moves when a test says so.
struct ChangeCluster {
    static let go = RoomName("go")!
    static let owner = Author(user: "olga", badge: .owner)
    static let moderator = Author(user: "mona", badge: .moderator)

    var shard = MemoryShard()
    var nodes: [ChangeNode]
    private(set) var now: UInt64 = 0
    private var nextID: UInt64 = 0
    private var sentNews = 0

    init(nodes count: Int = 2) {
        nodes = (0..<count).map { ChangeNode("node-\($0)") }
        for node in nodes.indices { enter(node) }
        settle()
    }

    mutating func enter(_ node: Int) {
        nodes[node].changes.entered(shard.epoch, news: shard.lastNews, at: now)
        nodes[node].collect()
    }

    // MARK: Requests

    /// A moderator wants a change. Returns its id.
    @discardableResult
    mutating func want(
        _ wanted: Moderation, at node: Int, in room: RoomName = go, by author: Author = moderator,
        key: String? = nil, time: Int64 = 1_000
    ) -> UInt64 {
        nextID += 1
        let request = ChangeRequest(
            id: nextID, room: room, wanted: wanted, by: author, key: key,
            time: Timestamp(milliseconds: time))
        nodes[node].changes.received(request)
        nodes[node].collect()
        return nextID
    }

    mutating func hold(
        _ text: String, at node: Int, key: String? = nil, room: RoomName = go
    ) {
        nextID += 1
        let draft = Self.draft(text, key: key, room: room)
        nodes[node].changes.received(
            HeldRequest.hold(HeldRequest.Hold(ticket: nextID, draft, .hold)))
        nodes[node].collect()
    }

    mutating func release(_ ids: [UInt64], at node: Int) {
        nodes[node].changes.received(
            HeldRequest.release(ids, at: Timestamp(milliseconds: 2_000)))
        nodes[node].collect()
    }

    mutating func report(_ query: ReportQuery, at node: Int) -> UInt64 {
        nextID += 1
        nodes[node].changes.received(
            query, of: Self.go, id: nextID, time: Timestamp(milliseconds: 1_000))
        nodes[node].collect()
        return nextID
    }

    static func draft(
        _ text: String, by author: Author = .guest, key: String? = nil, room: RoomName = go
    ) -> Draft {
        var draft = Draft(
            room: room, time: Timestamp(milliseconds: 500), username: author.user ?? "gus",
            message: text, by: author, key: key)
        if author.isGuest { draft.origin = Origin(block: 7, connection: 70) }
        return draft
    }

    /// Somebody says lines. Returns the number of the last.
    @discardableResult
    mutating func say(
        _ texts: [String], by author: Author = .guest, in room: RoomName = go
    ) -> UInt64 {
        var last: UInt64 = 0
        for text in texts { last = shard.append(Self.draft(text, by: author, room: room)) }
        publish()
        return last
    }

    // MARK: Following

    mutating func follow(_ room: RoomName, at node: Int) {
        nodes[node].changes.followed(room)
        nodes[node].followed.insert(room)
        nodes[node].collect()
    }

    /// The state of a followed room comes, with its changes.
    mutating func open(_ room: RoomName, at node: Int) {
        let found = shard.rooms[room] ?? MemoryRoom()
        var changes: [RoomChange] = []
        for case .change(let change) in found.entries.map(\.content) { changes.append(change) }
        let snapshot = RoomSnapshot(
            epoch: shard.epoch, lastSeq: found.last.seq, lastRev: found.last.rev, oldest: 1
        ).with(lastRev: found.last.rev, changes: changes)
        nodes[node].streams.removeAll { $0.0 == room }
        nodes[node].changes.opened(room, snapshot)
        nodes[node].collect()
    }

    mutating func unfollow(_ room: RoomName, at node: Int) {
        nodes[node].changes.unfollowed(room)
        nodes[node].followed.remove(room)
        nodes[node].streams.removeAll { $0.0 == room }
        nodes[node].collect()
    }

    // MARK: Moving

    /// The shard carries out a node's next command.
    mutating func carryOut(at node: Int) {
        guard !nodes[node].commands.isEmpty else { return }
        let (ticket, command) = nodes[node].commands.removeFirst()
        nodes[node].answers.append((ticket, shard.carryOut(command)))
        publish()
    }

    private mutating func publish() {
        let news = shard.news.dropFirst(sentNews)
        sentNews = shard.news.count
        let entries = shard.takePublished()
        for node in nodes.indices {
            nodes[node].news += news
            for entry in entries where nodes[node].followed.contains(entry.0) {
                nodes[node].streams.append(entry)
            }
        }
    }

    mutating func answer(_ node: Int) {
        guard !nodes[node].answers.isEmpty else { return }
        let (ticket, reply) = nodes[node].answers.removeFirst()
        nodes[node].changes.received(reply, to: ticket)
        nodes[node].collect()
    }

    mutating func tell(_ node: Int) {
        let news = nodes[node].news
        nodes[node].news = []
        nodes[node].changes.received(news)
        nodes[node].collect()
    }

    mutating func stream(_ node: Int) {
        let streams = nodes[node].streams
        nodes[node].streams = []
        for (room, entry) in streams {
            let entries = nodes[node].changes.streamed([entry.entry], of: room)
            nodes[node].tell(entries, of: room)
        }
        nodes[node].changes.advance()
        nodes[node].collect()
    }

    /// What is on the way of a node is lost. Commands may have been carried out.
    mutating func disconnect(_ node: Int) {
        (nodes[node].commands, nodes[node].answers, nodes[node].news) = ([], [], [])
        nodes[node].changes.disconnected()
        nodes[node].collect()
    }

    mutating func pass(_ milliseconds: UInt64) {
        now += milliseconds
        for node in nodes.indices {
            nodes[node].changes.passTime(now)
            nodes[node].collect()
        }
    }

    /// Everything moves until nothing is left.
    mutating func settle() {
        for _ in 0..<10_000 {
            var isQuiet = true
            for node in nodes.indices {
                if !nodes[node].commands.isEmpty || !nodes[node].answers.isEmpty { isQuiet = false }
                if !nodes[node].news.isEmpty || !nodes[node].streams.isEmpty { isQuiet = false }
                carryOut(at: node)
                answer(node)
                stream(node)
                tell(node)
            }
            if isQuiet { return }
        }
        preconditionFailure("it never ends")
    }
}
