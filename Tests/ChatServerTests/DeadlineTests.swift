import Reactor
import Testing

@testable import ChatServer

@Suite struct DeadlineTests {
    struct Example: Sendable, CustomTestStringConvertible {
        let name: String
        var phase = Connection.Phase.open
        var flags: Connection.Flags = []
        var waits = false
        var hasPartOfHead = false
        /// Seconds after 100 s, when everything began.
        var heard = 0
        var progressed = 0
        /// Seconds after 100 s; nil: never.
        let due: Int?
        var action = DeadlineAction.end
        var pingInterval: UInt64 = 25_000

        var testDescription: String { name }
    }

    @Test(arguments: [
        Example(name: "no request yet", phase: .head, due: 10, action: .answerRequestTimeout),
        Example(name: "between requests", phase: .head, flags: .answered, due: 30),
        Example(
            name: "part of a second head", phase: .head, flags: .answered, hasPartOfHead: true,
            due: 10, action: .answerRequestTimeout),
        Example(name: "past a limit", phase: .head, flags: .refused, due: 1, action: .refuse),
        Example(name: "content", phase: .content, due: 30, action: .answerRequestTimeout),
        Example(name: "closing", phase: .closing, due: 5),
        Example(name: "lingering", phase: .lingering, due: 5),
        Example(name: "last words", phase: .lingering, waits: true, progressed: 7, due: 17),
        Example(name: "idle", due: 25, action: .ping),
        Example(name: "heard of late", heard: 60, due: 85, action: .ping),
        Example(name: "pinged", flags: .pinged, due: 35, action: .closeSilent),
        Example(name: "pings are off", due: nil, pingInterval: 0),
        Example(
            name: "half a message", flags: .partial, heard: 20, due: 30, action: .closeHalfMessage),
        Example(name: "doesn't take", waits: true, due: 10, action: .closeLaggard),
        Example(
            name: "takes a little", waits: true, heard: 20, progressed: 20, due: 30,
            action: .closeLaggard),
        Example(name: "held", flags: .held, waits: true, due: 10, action: .closeLaggard),
        Example(
            name: "held within a message", flags: [.held, .partial], waits: true, progressed: 25,
            due: 35, action: .closeLaggard),
        Example(name: "throttled", flags: .throttled, heard: 3, due: 3, action: .read),
        Example(
            name: "throttled within a message", flags: [.throttled, .partial], heard: 40, due: 40,
            action: .read),
        Example(
            name: "no memory to send", flags: [.postponed, .blocked], waits: true, progressed: 4,
            due: 4, action: .flush),
    ])
    func `the earliest thing to do is due first`(_ example: Example) {
        func time(_ seconds: Int) -> CoarseTime { CoarseTime(steps: UInt32(100 + seconds) * 4) }
        var limits = Limits()
        limits.pingInterval = example.pingInterval
        var pool = ChunkPool()
        var connection = Connection(socket: .none, now: time(0))
        connection.phase = example.phase
        connection.flags = example.flags
        connection.heard = time(example.heard)
        connection.progressed = time(example.progressed)
        if example.waits { connection.outbound.append(pool.make([1]), to: .lines, of: &pool) }
        if example.hasPartOfHead {
            connection.rare = Connection.Rare()
            connection.rare?.head = [1]
        }
        let deadline = connection.deadline(limits)
        // A deadline is one step of the clock late, so as never to be early.
        #expect(deadline?.at.steps == example.due.map { time($0).steps + 1 })
        if let deadline { #expect(deadline.action == example.action) }
        connection.outbound.removeAll(pool: &pool)
    }
}
