import Testing

@testable import ChatServer

@Suite struct LoadMeterTests {
    private static let millisecond: UInt64 = 1_000_000

    @Test func `a new meter shows no load`() {
        #expect(LoadMeter().load == 0)
    }

    @Test(arguments: [0, 1, 5, 9, 10] as [UInt64])
    func `the load is the busy share of the time`(busy: UInt64) {
        var meter = LoadMeter()
        for _ in 0..<500 {
            meter.record(
                idle: (10 - busy) * Self.millisecond, busy: busy * Self.millisecond)
        }
        #expect(meter.load == busy * 1_024 / 10)
    }

    @Test func `the distant past doesn't count`() {
        var meter = LoadMeter()
        for _ in 0..<100 { meter.record(idle: 0, busy: 10 * Self.millisecond) }
        #expect(meter.load == 1_024)
        for _ in 0..<60 { meter.record(idle: 10 * Self.millisecond, busy: 0) }
        #expect(meter.load < 64)
        for _ in 0..<100 { meter.record(idle: 0, busy: 10 * Self.millisecond) }
        meter.record(idle: 1_000 * Self.millisecond, busy: 10 * Self.millisecond)
        #expect(meter.load == 0)
    }
}
