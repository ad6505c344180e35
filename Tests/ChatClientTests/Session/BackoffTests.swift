import ChatClient
import TestSupport
import Testing

@Suite struct BackoffTests {
    @Test func `the bound doubles up to the cap and starts over once a connection has held`() {
        var backoff = Backoff()
        var random = SplitMix64(seed: 1)
        var bounds: [UInt64] = []
        for _ in 0..<8 {
            bounds.append(backoff.bound)
            _ = backoff.failed(using: &random)
        }
        #expect(bounds == [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000])
        backoff.held()
        #expect(backoff == Backoff())
    }

    @Test func `a wait is within the bound after any number of attempts`() {
        var backoff = Backoff()
        var random = SplitMix64(seed: 2)
        for _ in 0..<10_000 {
            let bound = backoff.bound
            #expect(backoff.failed(using: &random) <= bound)
        }
        #expect(backoff.bound == Backoff.cap)
    }

    @Test(arguments: 0..<7)
    func `waits are spread evenly from 0 to the bound`(tries: Int) {
        var random = SplitMix64(seed: UInt64(tries))
        var tenths = [Int](repeating: 0, count: 10)
        for _ in 0..<10_000 {
            var backoff = Backoff()
            for _ in 0..<tries { _ = backoff.failed(using: &random) }
            let bound = backoff.bound
            let wait = backoff.failed(using: &random)
            tenths[min(Int(wait * 10 / bound), 9)] += 1
        }
        // Each has 1000 of 10 000, with a standard deviation of 30.
        #expect(tenths.allSatisfy { 850...1_150 ~= $0 }, "\(tenths)")
    }
}
