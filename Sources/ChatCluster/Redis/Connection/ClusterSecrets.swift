internal import Chat
internal import Reactor
public import Redis

/// Secrets that all nodes of a cluster have in common. The first node's are kept on the first
/// shard, in the hash `hubbub:secrets`, and later nodes take them over.
public struct ClusterSecrets: Sendable {
    static let key = "hubbub:secrets"
    /// Milliseconds between two tries with a server that can't be a shard, and the longest time
    /// before it is asked again whether to go on.
    private static let pause: UInt64 = 1_000
    private static let slice: UInt64 = 200

    /// The secrets, by name.
    public let values: [String: [UInt8]]

    /// Waits until the shard has told the secrets, however long that takes.
    ///
    /// - Parameters:
    ///   - offers: a secret for each name, which counts if the shard has none of that name.
    ///   - isStopped: whether to give up. It is asked a few times each second.
    ///   - failed: is called after each try that failed, with the reason and the time in
    ///     milliseconds.
    /// - Returns: nil if it was stopped.
    public init?(
        offering offers: [String: [UInt8]], at shard: RedisURL, isStopped: () -> Bool,
        failed: (String, UInt64) -> Void
    ) throws(RedisProblem) {
        let loop = try RedisLoop()
        let link = RedisLink(to: shard, greeting: [RedisRequest("INFO")]) { loop.wake() }
        let names = offers.keys.sorted()
        var replies: [RedisValue] = []
        var isReady = false
        while !isStopped() {
            var events: [RedisLink.Event] = []
            link.turn(at: RedisLoop.now, isReady: isReady, into: &events)
            for event in events {
                switch event {
                case .opened(let greeting):
                    replies = []
                    if let problem = ServerFacts(greeting.first?.text ?? "").problem {
                        failed("\(shard): \(problem)", RedisLoop.now.milliseconds)
                        link.close(at: RedisLoop.now, pause: Self.pause)
                    } else {
                        for name in names { Self.ask(for: name, offers[name] ?? [], over: link) }
                    }
                case .closed(let reason): failed(reason, RedisLoop.now.milliseconds)
                case .received(.error(let reason)):
                    failed("\(shard): \(reason)", RedisLoop.now.milliseconds)
                    link.close(at: RedisLoop.now, pause: Self.pause)
                case .received(let value): replies.append(value)
                }
            }
            if replies.count == 2 * names.count {
                values = Dictionary(
                    zip(names, replies.indices).map { name, place in
                        (name, replies[2 * place + 1].bytes ?? [])
                    }, uniquingKeysWith: { $1 })
                return
            }
            let slice = RedisLoop.now.advanced(byMilliseconds: Self.slice)
            isReady = loop.wait(for: [link], until: min(link.deadline ?? slice, slice))[0]
        }
        return nil
    }

    private static func ask(for name: String, _ offer: [UInt8], over link: RedisLink) {
        link.send(Self.offer(offer, as: name))
        link.send(RedisRequest("HGET", key, name))
    }

    /// The request that keeps a secret if there is none of its name.
    private static func offer(_ secret: [UInt8], as name: String) -> RedisRequest {
        var request = RedisRequest("HSETNX", key, name)
        request.append(secret)
        return request
    }

    /// Requests that keep the secrets again after the shard has lost them.
    var offers: [RedisRequest] { values.map { Self.offer($1, as: $0) } }
}
