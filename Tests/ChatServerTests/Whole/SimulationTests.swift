import Foundation
import Simulation
import Testing

/// Whole sessions of a crowd on a faulty network: 200, or as many as `HUBBUB_SEEDS` says. If
/// `HUBBUB_SEED` is set, only that seed is played, with a trace of all events. If the server
/// crashes, the seed is that of the test case that was started last.
@Suite struct SimulationTests {
    static let seeds: [UInt64] = {
        let environment = ProcessInfo.processInfo.environment
        if let seed = environment["HUBBUB_SEED"].flatMap(UInt64.init) { return [seed] }
        return Array(1...max(environment["HUBBUB_SEEDS"].flatMap(UInt64.init) ?? 200, 1))
    }()

    @Test(.serialized, arguments: seeds)
    func `the rules hold through a storm`(seed: UInt64) throws {
        let isAlone = Self.seeds.count == 1
        let violations = try Storm.violations(
            seed: seed, trace: isAlone ? { print($0) } : nil)
        let isClean = violations.isEmpty
        #expect(
            isClean,
            """
            seed \(seed): \(violations.joined(separator: "; "))
            HUBBUB_SEED=\(seed) swift test --filter SimulationTests
            """)
    }
}
