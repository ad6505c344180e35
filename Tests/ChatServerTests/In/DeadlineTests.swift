import Reactor
import Testing

@testable import ChatServer

@Suite struct DeadlineTests {
    private static let webSocket = Connection.ChatState(dialect: .plain, encoding: .plain)
    private static let closing = Connection.ChatState(
        dialect: .plain, encoding: .plain, hasLeft: true)

    struct Example: Sendable, CustomTestStringConvertible {
        let name: String
        var phase = Connection.Phase.webSocket(DeadlineTests.webSocket)
        var flags: Connection.Flags = []
        var waits = false
        var hasPartOfHead = false
        /// Seconds after 100 s, which is the start.
        var heard = 0
        var progressed = 0
        /// Seconds after 100 s. Nil for never.
        let due: Int?
        var action = DeadlineAction.end
        var pingInterval: UInt64 = 25_000

        var testDescription: String { name }
    }

    @Test(arguments: [
        Example(
            name: "no request yet", phase: .http(.head), due: 10, action: .answerRequestTimeout),
        Example(name: "between requests", phase: .http(.head), flags: .answered, due: 30),
        Example(
            name: "part of a second head", phase: .http(.head), flags: .answered,
            hasPartOfHead: true,
            due: 10, action: .answerRequestTimeout),
        Example(
            name: "past a limit", phase: .http(.head), flags: .refused, due: 1, action: .refuse),
        Example(name: "content", phase: .http(.content), due: 30, action: .answerRequestTimeout),
        Example(name: "closing", phase: .webSocket(Self.closing), due: 5),
        Example(name: "lingering", phase: .lingering, due: 5),
        Example(name: "last words", phase: .lingering, waits: true, progressed: 7, due: 17),
        Example(name: "pinged", flags: .pinged, heard: 20, due: 30, action: .closeSilent),
        Example(
            name: "pinged, and the kernel takes nothing", flags: [.pinged, .blocked], waits: true,
            progressed: 8, due: 18, action: .closeLaggard),
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
        let deadline = connection.deadline(limits, index: 0)
        // A deadline is one step of the clock late, so that it is never early.
        #expect(deadline?.at.steps == example.due.map { time($0).steps + 1 })
        if let deadline { #expect(deadline.action == example.action) }
        connection.outbound.removeAll(pool: &pool)
    }

    /// The time of the ping for each of a crowd that was last heard `heard` steps after the start.
    private func pings(
        _ indices: Range<Int>, interval: UInt64 = 25_000, heard: UInt32
    ) -> [UInt32] {
        var limits = Limits()
        limits.pingInterval = interval
        return indices.compactMap { index in
            var connection = Connection(socket: .none, now: CoarseTime(steps: 400))
            connection.phase = .webSocket(Self.webSocket)
            connection.heard = CoarseTime(steps: 400 + heard)
            guard let (at, action) = connection.deadline(limits, index: index), action == .ping
            else { return nil }
            return at.steps - 400
        }
    }

    @Test func `a ping comes when silence has lasted a quarter of the interval, or all of it`() {
        for heard in 0..<UInt32(200) {
            for at in pings(0..<100, heard: heard) { #expect(25...100 ~= at - heard) }
        }
    }

    @Test(arguments: [100, 250, 600, 1_000] as [UInt64])
    func `an interval of a few steps is kept too`(_ interval: UInt64) {
        let longest = max(UInt32(interval / CoarseTime.step), 1)
        for heard in 0..<UInt32(20) {
            let silences = pings(0..<100, interval: interval, heard: heard).map { $0 - heard }
            #expect(silences.count == 100)
            #expect(silences.allSatisfy { 1...longest ~= $0 })
        }
    }

    @Test func `pings of a crowd that arrived at once soon spread evenly over the interval`() {
        var crowd = [UInt32](repeating: 7, count: 10_000)
        // Each answers its ping at once and sends nothing else.
        while let least = crowd.min(), least < 300 {
            for index in crowd.indices where crowd[index] == least {
                crowd[index] = pings(index..<index + 1, heard: least)[0]
            }
        }
        // One of three intervals has passed. Now each of its hundred steps has a hundredth of the
        // pings.
        let counts = Dictionary(grouping: crowd, by: { $0 }).mapValues(\.count)
        #expect(counts.count == 100)
        #expect(counts.values.allSatisfy { 98...102 ~= $0 })
    }

    @Test func `a client that was heard later isn't pinged earlier`() {
        for index in 0..<100 {
            let moments = (0..<UInt32(300)).map { pings(index..<index + 1, heard: $0)[0] }
            #expect(moments == moments.sorted())
        }
    }
}
