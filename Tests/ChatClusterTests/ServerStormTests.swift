import Simulation
import Testing

/// Storms of whole servers on simulated shards.
@Suite struct ServerStormTests {
    @Test(arguments: 0..<10)
    func `servers keep their promises whatever happens to their shards`(part: UInt64) throws {
        for seed in part * 10 + 1...part * 10 + 10 {
            let violations = try ServerStorm.violations(seed: seed)
            #expect(violations == [], "scripts/simulate --cluster --seeds 1 --from \(seed) --trace")
        }
    }
}
