import TestSupport
import Testing

@testable import Chat

@Suite struct TokenBucketTests {
    /// The same rule with explicit state: the available tokens, in parts of a token.
    private struct Model {
        let rate: UInt64
        let period: UInt64
        let burst: UInt64
        var parts: Int64
        var last: UInt64

        init(rate: UInt64, period: UInt64, burst: UInt64, now: UInt64) {
            (self.rate, self.period, self.burst) = (rate, period, burst)
            parts = Int64(burst * period)
            last = now
        }

        mutating func take(_ amount: UInt64, at now: UInt64) -> Bool {
            parts = min(parts + Int64((now - last) * rate), Int64(burst * period))
            last = now
            guard parts >= Int64(min(amount, burst) * period) else { return false }
            parts -= Int64(amount * period)
            return true
        }
    }

    @Test func `a bucket takes eight bytes`() {
        #expect(MemoryLayout<TokenBucket>.size == 8)
        #expect(MemoryLayout<TokenBucket>.stride == 8)
    }

    @Test(arguments: [0, 1, 12_345, 1 << 32, 1 << 50] as [UInt64])
    func `ten tokens pass at once, then one every 200 milliseconds`(start: UInt64) {
        var bucket = TokenBucket()
        for _ in 0..<10 {
            #expect(bucket.take(rate: 5, burst: 10, at: start) == nil)
        }
        for step: UInt64 in 0..<10 {
            let now = start + step * 200
            #expect(bucket.take(rate: 5, burst: 10, at: now) == 200)
            #expect(bucket.take(rate: 5, burst: 10, at: now) == 200)
            #expect(bucket.take(rate: 5, burst: 10, at: now + 199) == 1)
            #expect(bucket.take(rate: 5, burst: 10, at: now + 200) == nil)
        }
    }

    @Test func `a bucket never holds more than the burst`() {
        var bucket = TokenBucket()
        for now: UInt64 in [1_000, 1_000_000, 10_000_000_000] {
            for _ in 0..<10 {
                #expect(bucket.take(rate: 5, burst: 10, at: now) == nil)
            }
            #expect(bucket.take(rate: 5, burst: 10, at: now) == 200)
        }
    }

    @Test func `a rate of 0 is no limit`() {
        var bucket = TokenBucket()
        for _ in 0..<1_000 {
            #expect(bucket.take(rate: 0, burst: 1, at: 0) == nil)
        }
    }

    @Test func `a burst of 0 counts as 1`() {
        var bucket = TokenBucket()
        #expect(bucket.take(rate: 4, burst: 0, at: 7) == nil)
        #expect(bucket.take(rate: 4, burst: 0, at: 7) == 250)
    }

    @Test func `other periods are counted`() {
        var bucket = TokenBucket()
        for _ in 0..<20 {
            #expect(bucket.take(rate: 20, per: 60_000, burst: 20, at: 5) == nil)
        }
        #expect(bucket.take(rate: 20, per: 60_000, burst: 20, at: 5) == 3_000)
        #expect(bucket.take(rate: 20, per: 60_000, burst: 20, at: 3_005) == nil)
    }

    @Test func `rates that don't divide a second are exact`() {
        var bucket = TokenBucket()
        var taken = 0
        for now: UInt64 in 0..<100_000 where bucket.take(rate: 7, burst: 1, at: now) == nil {
            taken += 1
        }
        #expect(taken == 700)
    }

    @Test func `an amount over the burst is paid off later`() {
        var bucket = TokenBucket()
        #expect(bucket.take(50, rate: 10, burst: 10, at: 0) == nil)
        #expect(bucket.take(rate: 10, burst: 10, at: 0) == 4_100)
        #expect(bucket.take(50, rate: 10, burst: 10, at: 0) == 5_000)
        #expect(bucket.take(rate: 10, burst: 10, at: 4_100) == nil)
    }

    @Test func `extreme values don't overflow`() {
        for now: UInt64 in [0, 1 << 63, .max] {
            var bucket = TokenBucket()
            _ = bucket.take(.max, rate: .max, per: 60_000, burst: .max, at: now)
            let next = bucket.take(rate: .max, per: 60_000, burst: .max, at: now)
            let slow = bucket.take(.max, rate: 1, per: 60_000, burst: 1, at: now)
            #expect((next ?? 0) <= 1 << 48)
            #expect((slow ?? 0) <= 1 << 48)
        }
    }

    @Test(arguments: 0..<100 as Range<UInt64>)
    func `a bucket agrees with the model`(seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        let rate = UInt64.random(in: 1...(seed.isMultiple(of: 2) ? 10 : 5_000), using: &generator)
        let period: UInt64 = seed.isMultiple(of: 3) ? 60_000 : 1_000
        let burst = UInt64.random(in: 1...50, using: &generator)
        var now = UInt64.random(in: 0..<1 << 50, using: &generator)
        var bucket = TokenBucket()
        var model = Model(rate: rate, period: period, burst: burst, now: now)
        for _ in 0..<500 {
            now += UInt64.random(in: 0...3, using: &generator) * period / rate / 2
            let amount = UInt64.random(in: 1...(burst + 2), using: &generator)
            let wait = bucket.take(
                Int(amount), rate: Int(rate), per: period, burst: Int(burst), at: now)
            #expect((wait == nil) == model.take(amount, at: now), "seed \(seed)")
            guard let wait else { continue }
            // The wait is exact.
            var (early, inTime) = (model, model)
            let results = [
                early.take(amount, at: now + wait - 1), inTime.take(amount, at: now + wait),
            ]
            #expect(results == [false, true], "seed \(seed)")
        }
    }
}
