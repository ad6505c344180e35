import Foundation
import Reactor
import Testing

@testable import hubbub_load

@Suite struct LatenciesTests {
    @Test func `what processes recorded is put together, over their wire, too`() throws {
        var (whole, parts) = (Latencies(), [Latencies(), Latencies()])
        for value in 1...1_000 {
            whole.record(nanoseconds: UInt64(value) * 10_000)
            parts[value % 2].record(nanoseconds: UInt64(value) * 10_000)
        }
        var sum = Latencies()
        for part in parts {
            let line = try JSONEncoder().encode(part)
            sum.add(try JSONDecoder().decode(Latencies.self, from: line))
        }
        #expect(sum.count == 1_000)
        // The least and the most come as exactly as any other record: to three digits.
        for percentile in [0, 50, 90, 99, 99.9, 100] {
            let (one, other) = (
                sum.milliseconds(percentile: percentile),
                whole.milliseconds(percentile: percentile)
            )
            #expect(abs(one / other - 1) < 0.03, "\(percentile)")
            #expect(one == other || [0, 100].contains(percentile))
        }
    }

    @Test func `a delivery before its time takes none`() {
        var latencies = Latencies()
        latencies.record(from: Instant(nanoseconds: 9), to: Instant(nanoseconds: 5))
        #expect(latencies.count == 1)
        #expect(latencies.milliseconds(percentile: 100) < 0.001)
    }
}

@Suite struct TimingTests {
    private static func at(_ milliseconds: UInt64) -> Instant {
        Instant(nanoseconds: milliseconds * 1_000_000)
    }

    @Test func `warm-up, before and since, and those who don't read are told apart`() {
        var timing = Timing()
        (timing.from, timing.split) = (Self.at(100), Self.at(200))
        for due in [50, 150, 250, 260] as [UInt64] {
            timing.record(due: Self.at(due), received: Self.at(due + 1), wasStalled: false)
        }
        timing.record(due: Self.at(270), received: Self.at(900), wasStalled: true)
        #expect(timing.before.count == 1)
        #expect(timing.measured.count == 2)
        #expect(timing.stalled.count == 1)
        #expect(timing.takeRecent().count == 4)
        #expect(timing.takeRecent().isEmpty)
        timing.record(due: Self.at(280), received: Self.at(281), wasStalled: false)
        #expect(timing.before.count == 1)
        #expect(timing.measured.count == 3)
        #expect(timing.lastDelivery == Self.at(281))
    }
}

@Suite struct SeriesTests {
    private static func interval(_ second: Int, delivered: Int) -> Interval {
        var interval = Interval(second: second)
        (interval.connections, interval.delivered) = (10, delivered)
        return interval
    }

    @Test func `a second is over when all processes have told it`() {
        var series = Series(workers: 2)
        #expect(series.take(Self.interval(1, delivered: 5)) == nil)
        #expect(series.take(Self.interval(2, delivered: 1)) == nil)
        let whole = series.take(Self.interval(1, delivered: 7))
        #expect(whole?.delivered == 12)
        #expect(whole?.connections == 20)
        #expect(series.points.map(\.deliveries) == [12])
    }

    @Test func `what the server used is told for each second`() {
        var series = Series(workers: 1)
        for second in 1...3 {
            let used = Double(second) * 0.5
            series.take(.init(processorSeconds: used, bytes: second * 1_000), second: second)
            _ = series.take(Self.interval(second, delivered: 1))
        }
        #expect(series.points.map(\.serverBytes) == [1_000, 2_000, 3_000])
        #expect(series.points.map(\.serverProcessors) == [nil, 0.5, 0.5])
    }

    @Test func `a long run has as many points, which stand for more`() {
        var series = Series(workers: 1)
        for second in 1...10_000 { _ = series.take(Self.interval(second, delivered: 3)) }
        #expect(series.points.count <= Series.limit + 1)
        #expect(series.points.map(\.length).reduce(0, +) > 9_980)
        #expect(series.points.allSatisfy { $0.deliveries == 3 && $0.connections == 10 })
    }
}

@Suite struct ServerProbeTests {
    @Test func `the kernel's words are read`() {
        let rollup = "00400000-7fff ---p 00000000 00:00 0 [rollup]\nRss: 9 kB\nPss:    1234 kB\n"
        #expect(ServerProbe.bytes(rollup: rollup) == 1_234 * 1_024)
        let stat = "12 (a) b (c) S 1 2 3 0 -1 4 5 6 7 8 150 25 0 0 20 0"
        #expect(ServerProbe.ticks(stat: stat) == 175)
        #expect(ServerProbe.nanoseconds(schedstat: "3451232 17 4\n") == 3_451_232)
    }

    @Test func `processor time is finer than a tick, and has that of threads that have ended`()
        throws
    {
        let root = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: root) }
        let thread = root.appending(path: "7/task/8")
        try FileManager.default.createDirectory(at: thread, withIntermediateDirectories: true)
        func write(_ text: String, _ path: String) throws {
            try Data(text.utf8).write(to: root.appending(path: path))
        }
        try write("Pss_Anon: 1 kB\n", "7/smaps_rollup")
        try write("7 (a) S 1 2 3 0 -1 4 5 6 7 8 1 0 0 0 20 0", "7/stat")
        let probe = ServerProbe(pids: [7], root: root.path)
        #expect(try probe.sample().processorSeconds == 0.01)
        try write("17500000 0 1\n", "7/task/8/schedstat")
        #expect(try probe.sample().processorSeconds == 0.0175)
        try write("2000000 0 1\n", "7/task/8/schedstat")
        #expect(try probe.sample().processorSeconds == 0.01)
    }

    /// A library that one more program maps must not look like memory given back.
    @Test func `pages of files aren't counted where the kernel tells them apart`() {
        let rollup = "Pss: 90 kB\nPss_Dirty: 9 kB\nPss_Anon: 20 kB\nPss_File: 67 kB\n"
        #expect(ServerProbe.bytes(rollup: rollup) == 20 * 1_024)
        #expect(ServerProbe.bytes(rollup: rollup + "Pss_Shmem: 3 kB\n") == 23 * 1_024)
    }

    @Test(arguments: ["", "Pss:", "Rss: 4 kB"])
    func `other words are none`(text: String) {
        #expect(ServerProbe.bytes(rollup: text) == nil)
        #expect(ServerProbe.ticks(stat: text) == nil)
    }

    @Test func `a process that isn't there is named`() {
        let probe = ServerProbe(pids: [7], root: "/nowhere")
        #expect { try probe.sample() } throws: { "\($0)".hasPrefix("--server-pid 7: ") }
    }
}

@Suite struct OutcomeTests {
    private static func outcome(_ digest: UInt64?) -> Outcome {
        let span = Outcome.Span(from: 1, to: 2)
        var outcome = Outcome(opening: span, talk: span)
        (outcome.opened, outcome.orderDigest) = (5, digest)
        outcome.rounds = [Outcome.Round(span: span, connections: 4, back: 3)]
        return outcome
    }

    @Test func `what processes have to tell is put together`() throws {
        var second = Self.outcome(7)
        second.opening = Outcome.Span(from: 0, to: 9)
        second.violations = ["lost": 2]
        let parts = [Self.outcome(7), second]
        let whole = try #require(Outcome.merging(parts))
        #expect(whole.opened == 10)
        #expect(whole.opening == Outcome.Span(from: 0, to: 9))
        #expect(whole.rounds.map(\.back) == [6])
        #expect(whole.violations == ["lost": 2])
    }

    @Test func `processes that saw other orders are told`() throws {
        let whole = try #require(Outcome.merging([Self.outcome(7), Self.outcome(8)]))
        #expect(whole.violations == ["disordered": 1])
        let same = try #require(Outcome.merging([Self.outcome(7), Self.outcome(nil)]))
        #expect(same.violations.isEmpty)
    }

    @Test func `words and orders pass the wire`() throws {
        let settings = Settings(scenario: .soak, url: "ws://a/")
        let share = Share(settings: settings, index: 1, count: 2, run: 3)
        let line = try JSONLine.encode(Order.begin(share, origin: 4))
        guard case .begin(share, origin: 4) = try JSONLine.decode(Order.self, line) else {
            Issue.record("another order came")
            return
        }
        let word = try JSONLine.encode(Word.talked(sent: [3: 4]))
        guard case .talked(sent: [3: 4]) = try JSONLine.decode(Word.self, word) else {
            Issue.record("another word came")
            return
        }
    }

    @Test func `lines are taken one by one, whole`() {
        var bytes = Array("one\ntwo\nthr".utf8)
        #expect(JSONLine.take(from: &bytes) == Array("one".utf8))
        #expect(JSONLine.take(from: &bytes) == Array("two".utf8))
        #expect(JSONLine.take(from: &bytes) == nil)
        #expect(bytes == Array("thr".utf8))
    }
}
