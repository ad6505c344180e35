import Reactor
import Redis
import Testing

/// A link of a test, and the loop that waits for it.
final class LinkProbe {
    let link: RedisLink
    let loop: RedisLoop
    /// The events that no expectation has taken yet.
    private var events: [RedisLink.Event] = []

    init(_ url: String, greeting: [RedisRequest] = []) throws {
        let loop = try RedisLoop()
        self.loop = loop
        link = RedisLink(to: try RedisURL(url), greeting: greeting) { loop.wake() }
    }

    /// The next event. Nil if there is none within 20 s.
    func next() -> RedisLink.Event? {
        let end = RedisLoop.now.advanced(byMilliseconds: 20_000)
        var isReady = false
        while events.isEmpty, RedisLoop.now < end {
            link.turn(at: RedisLoop.now, isReady: isReady, into: &events)
            if !events.isEmpty { break }
            isReady = loop.wait(for: [link], until: min(link.deadline ?? end, end))[0]
        }
        return events.isEmpty ? nil : events.removeFirst()
    }

    /// Waits until it is open, and passes over failed tries. Nil if it isn't within 20 s.
    func open() -> [RedisValue]? {
        let end = RedisLoop.now.advanced(byMilliseconds: 20_000)
        while RedisLoop.now < end, let event = next() {
            if case .opened(let replies) = event { return replies }
        }
        return nil
    }

    /// The reply to a request.
    func reply(_ words: String...) -> RedisValue? {
        link.send(RedisRequest(words.map { Array($0.utf8) }))
        guard case .received(let value) = next() else { return nil }
        return value
    }
}
