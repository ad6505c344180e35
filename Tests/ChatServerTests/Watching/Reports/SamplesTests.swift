import Chat
import Reactor
import Testing

@testable import ChatServer

@Suite struct SamplesTests {
    private func instant(_ seconds: Int) -> Instant {
        Instant(nanoseconds: UInt64(seconds) * 1_000_000_000)
    }

    @Test func `rates are those since the sample before`() {
        var samples = Samples(at: instant(100))
        #expect(samples.next == CoarseTime(instant(100)).advanced(byMilliseconds: 10_000))
        var totals = Samples.Totals(
            lines: 100, deliveries: 5_000, refusals: 3, closes: 0, busy: 2_500_000_000)
        samples.take(Samples.Sample(time: Timestamp(milliseconds: 1_000)), totals, at: instant(110))
        totals.lines += 10
        samples.take(Samples.Sample(time: Timestamp(milliseconds: 9_000)), totals, at: instant(130))
        let taken = samples.taken(after: 0)
        #expect(taken.map(\.lines) == [100, 5])
        #expect(taken.map(\.deliveries) == [5_000, 0])
        #expect(taken.map(\.refusals) == [3, 0])
        #expect(taken.map(\.busy) == [250, 0])
        #expect(samples.next == CoarseTime(instant(130)).advanced(byMilliseconds: 10_000))
        #expect(samples.taken(after: 1_000).map(\.time.milliseconds) == [9_000])
        #expect(samples.taken(after: .max).isEmpty)
    }

    @Test func `an hour is kept, in order`() {
        var samples = Samples(at: instant(0))
        for number in 1...(Samples.most + 7) {
            let time = Timestamp(milliseconds: Int64(number) * 10_000)
            samples.take(Samples.Sample(time: time), Samples.Totals(), at: instant(number * 10))
        }
        let times = samples.taken(after: 0).map(\.time.milliseconds)
        #expect(times == (8...Int64(Samples.most + 7)).map { $0 * 10_000 })
    }

    @Test func `a clock that goes back breaks nothing`() {
        var samples = Samples(at: instant(100))
        samples.take(
            Samples.Sample(time: Timestamp(milliseconds: 5)),
            Samples.Totals(lines: 9), at: instant(50))
        #expect(samples.taken(after: 0).count == 1)
    }
}
