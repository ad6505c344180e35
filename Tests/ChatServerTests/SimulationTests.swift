import Foundation
import Simulation
import Testing

/// Whole evenings of a crowd on a faulty network. With `HUBBUB_SEED` set, that one alone, with a
/// trace of what happens.
@Suite struct SimulationTests {
    static let seeds: [UInt64] =
        ProcessInfo.processInfo.environment["HUBBUB_SEED"].flatMap(UInt64.init).map { [$0] }
        ?? Array(1...500)

    @Test(arguments: seeds)
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
