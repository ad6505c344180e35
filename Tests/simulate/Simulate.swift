internal import ArgumentParser
internal import Console
internal import Dispatch
internal import Simulation

@main struct Simulate: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Plays storms on the simulated network, one for each seed.")

    @Option(help: "The number of seeds to play.")
    var seeds: UInt64 = 1_000

    @Option(help: "The first seed.")
    var from: UInt64 = 1

    @Option(help: "Stop after this many seconds, even if seeds are left.")
    var seconds: UInt64?

    @Flag(help: "Continue after a seed that breaks a rule.")
    var keepGoing = false

    @Option(help: "Instead, measure what the admin page costs beside so many connections.")
    var page: Int?

    @Flag(help: "Play storms of clusters instead: of their nodes, and of whole servers.")
    var cluster = false

    @Flag(help: "Print all events.")
    var trace = false

    /// The number of seeds between two progress messages.
    private static let stride: UInt64 = 500

    static func main() {
        main(Arguments.all)
    }

    func validate() throws {
        guard seeds > 0, !from.addingReportingOverflow(seeds).overflow else {
            throw ValidationError("--seeds must be at least 1, and --from small enough for them.")
        }
    }

    func run() throws {
        StandardStream.reportBrokenPipes()
        if let page { return try PageCost.report(connections: page) }
        let start = DispatchTime.now()
        var (played, failed): (UInt64, UInt64) = (0, 0)
        for seed in from..<from + seeds {
            let violations = try violations(of: seed)
            played += 1
            if !violations.isEmpty {
                let failure = Failure(seed: seed, violations: violations, ofCluster: cluster)
                guard keepGoing else { throw failure }
                try StandardStream.output.write(line: "\(failure)")
                failed += 1
            }
            if let seconds, elapsed(since: start) >= Double(seconds) { break }
            if played.isMultiple(of: Self.stride), played < seeds {
                try report(played, since: start)
            }
        }
        try report(played, since: start)
        guard failed == 0 else { throw ExitCode.failure }
    }

    private func violations(of seed: UInt64) throws -> [String] {
        let trace: ((String) -> Void)? =
            trace ? { try? StandardStream.output.write(line: $0) } : nil
        guard cluster else { return try Storm.violations(seed: seed, trace: trace) }
        return ClusterStorm.violations(seed: seed, trace: trace)
            + (try ServerStorm.violations(seed: seed, trace: trace))
    }

    private func report(_ played: UInt64, since start: DispatchTime) throws {
        let rate = Double(played) / elapsed(since: start)
        // Write without a buffer, so that progress shows at once.
        try StandardStream.output.write(
            "\(played) of \(seeds) seeds, \(Int(rate)) a second\n")
    }

    private func elapsed(since start: DispatchTime) -> Double {
        Double(DispatchTime.now().uptimeNanoseconds - start.uptimeNanoseconds) / 1e9
    }

    /// A seed that breaks a rule, and the command to play it again.
    private struct Failure: Error, CustomStringConvertible {
        let seed: UInt64
        let violations: [String]
        let ofCluster: Bool

        var description: String {
            """
            seed \(seed): \(violations.joined(separator: "\n"))
            scripts/simulate \(ofCluster ? "--cluster " : "")--seeds 1 --from \(seed) --trace
            """
        }
    }
}
