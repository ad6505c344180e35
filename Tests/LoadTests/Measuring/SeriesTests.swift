import Testing

@testable import hubbub_load

@Suite struct SeriesTests {
    private static func interval(_ second: Int, delivered: Int) -> Interval {
        var interval = Interval(second: second)
        (interval.connections, interval.delivered) = (10, delivered)
        return interval
    }

    @Test func `a second is complete when all processes have reported it`() {
        var series = Series(workers: 2)
        #expect(series.take(Self.interval(1, delivered: 5)) == nil)
        #expect(series.take(Self.interval(2, delivered: 1)) == nil)
        let whole = series.take(Self.interval(1, delivered: 7))
        #expect(whole?.delivered == 12)
        #expect(whole?.connections == 20)
        #expect(series.points.map(\.deliveries) == [12])
    }

    @Test func `the server's use is reported for each second`() {
        var series = Series(workers: 1)
        for second in 1...3 {
            let used = Double(second) * 0.5
            series.take(.init(processorSeconds: used, bytes: second * 1_000), second: second)
            _ = series.take(Self.interval(second, delivered: 1))
        }
        #expect(series.points.map(\.serverBytes) == [1_000, 2_000, 3_000])
        #expect(series.points.map(\.serverProcessors) == [nil, 0.5, 0.5])
    }

    @Test func `a long run has the same number of points, each covering more time`() {
        var series = Series(workers: 1)
        for second in 1...10_000 { _ = series.take(Self.interval(second, delivered: 3)) }
        #expect(series.points.count <= Series.limit + 1)
        #expect(series.points.map(\.length).reduce(0, +) > 9_980)
        #expect(series.points.allSatisfy { $0.deliveries == 3 && $0.connections == 10 })
    }
}
