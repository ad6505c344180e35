import Simulation
import Testing

/// Storms of whole clusters on simulated shards.
@Suite struct ClusterStormTests {
    @Test(arguments: 0..<10)
    func `nodes keep their promises whatever happens to their shards`(part: UInt64) {
        for seed in part * 50 + 1...part * 50 + 50 {
            let violations = ClusterStorm.violations(seed: seed)
            #expect(violations == [], "scripts/simulate --cluster --seeds 1 --from \(seed) --trace")
        }
    }
}
