import Chat
import Testing

@Suite struct DurationHistogramTests {
    @Test func `a bound is in its bucket, and what is above it in the next`() {
        #expect(DurationHistogram.bounds == DurationHistogram.bounds.sorted())
        for (place, bound) in DurationHistogram.bounds.enumerated() {
            var histogram = DurationHistogram()
            histogram.record(nanoseconds: bound)
            histogram.record(nanoseconds: bound + 1, times: 2)
            var expected = [UInt64](repeating: 0, count: DurationHistogram.bounds.count + 1)
            (expected[place], expected[place + 1]) = (1, 2)
            #expect(histogram.counts == expected)
            #expect(histogram.count == 3)
            #expect(histogram.sum == 3 * bound + 2)
        }
    }
}
