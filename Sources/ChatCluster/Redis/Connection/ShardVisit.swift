internal import Reactor
package import Redis

/// What an operator learns by a visit to a Redis that is a shard, or is to be one. It changes
/// nothing there.
package struct ShardVisit: Equatable, Sendable {
    /// The time for the whole visit, in milliseconds.
    private static let patience: UInt64 = 3_000
    private static let pings = 5

    package let facts: ServerFacts
    /// When it syncs the file that it appends writes to: `always`, `everysec` or `no`. Nil if it
    /// doesn't tell.
    package let sync: String?
    /// When it saves a snapshot: empty if never. Nil if it doesn't tell.
    package let snapshots: String?
    /// The fastest of some answers, in nanoseconds.
    package let answer: UInt64
    /// Whether a node has the name that was asked for.
    package let isNameTaken: Bool

    package init(
        facts: ServerFacts, sync: String?, snapshots: String?, answer: UInt64, isNameTaken: Bool
    ) {
        (self.facts, self.sync, self.snapshots) = (facts, sync, snapshots)
        (self.answer, self.isNameTaken) = (answer, isNameTaken)
    }

    /// Throws if it can't be reached, or doesn't let this user in.
    package init(to url: RedisURL, asking name: NodeName?) throws(RedisProblem) {
        let loop = try RedisLoop()
        let link = RedisLink(to: url, greeting: [RedisRequest("INFO")]) { loop.wake() }
        let end = RedisLoop.now.advanced(byMilliseconds: Self.patience)

        func next() throws(RedisProblem) -> RedisLink.Event {
            var isReady = false
            while RedisLoop.now < end {
                var events: [RedisLink.Event] = []
                link.turn(at: RedisLoop.now, isReady: isReady, into: &events)
                if let event = events.first { return event }
                isReady = loop.wait(for: [link], until: min(link.deadline ?? end, end))[0]
            }
            throw RedisProblem("\(url): it does not answer")
        }

        func ask(_ request: RedisRequest) throws(RedisProblem) -> RedisValue {
            link.send(request)
            switch try next() {
            case .received(let value): return value
            case .closed(let reason): throw RedisProblem(reason)
            case .opened: preconditionFailure("it was open")
            }
        }

        switch try next() {
        case .opened(let greeting): facts = ServerFacts(greeting.first?.text ?? "")
        case .closed(let reason): throw RedisProblem(reason)
        case .received: preconditionFailure("nothing was asked")
        }
        func setting(_ name: String) throws(RedisProblem) -> String? {
            let answer = try ask(RedisRequest("CONFIG", "GET", name)).elements ?? []
            return answer.count == 2 ? answer[1].text : nil
        }
        sync = try setting("appendfsync")
        snapshots = try setting("save")
        isNameTaken =
            if let name { try ask(ShardCodec.holder(of: name)).text != nil } else { false }
        var fastest = UInt64.max
        for _ in 0..<Self.pings {
            let asked = RedisLoop.now.nanoseconds
            _ = try ask(RedisRequest("PING"))
            fastest = min(fastest, RedisLoop.now.nanoseconds - asked)
        }
        answer = fastest
    }
}
