internal import Reactor

/// Leads the processes through a run: it lets them wait for each other, probes the server, shows
/// their progress, and collects their outcomes.
final class Conductor {
    /// Nanoseconds from the last handshake to the first line.
    private static let pause: UInt64 = 20_000_000

    let settings: Settings
    let workers: Int
    let origin: Instant
    private let probe: ServerProbe?
    private let progress: Progress?
    private(set) var series: Series
    private(set) var outcomes: [Int: Outcome] = [:]
    /// The server's use before the first connection and at each barrier.
    private(set) var samples: [String: ServerProbe.Sample] = [:]
    private var arrived: [Barrier: Int] = [:]
    private var sent: [Int: Int] = [:]
    private var probed = -1

    init(
        _ settings: Settings, workers: Int, origin: Instant, progress: Progress?
    ) throws(Failure) {
        self.settings = settings
        self.workers = workers
        self.origin = origin
        self.progress = progress
        probe = settings.serverPids.isEmpty ? nil : ServerProbe(pids: settings.serverPids)
        series = Series(workers: workers)
        samples["start"] = try probe?.sample()
    }

    /// Whether all processes have sent their outcomes.
    var isDone: Bool { outcomes.count == workers }

    var outcome: Outcome? {
        Outcome.merging(outcomes.sorted { $0.key < $1.key }.map(\.value))
    }

    /// A worker has sent a word. Returns the orders for all workers.
    func received(
        _ word: Word, from worker: Int, at now: Instant
    ) throws(Failure) -> [Order] {
        switch word {
        case .reached(let barrier): return try reached(barrier, at: now)
        case .talked(let sent):
            self.sent.merge(sent, uniquingKeysWith: +)
            arrived[.talked, default: 0] += 1
            return arrived[.talked] == workers ? [.settle(sent: self.sent)] : []
        case .interval(let interval):
            try received(interval)
            return []
        case .outcome(let outcome):
            outcomes[worker] = outcome
            if isDone { progress?.end() }
            return []
        case .failed(let why):
            progress?.end()
            throw Failure(workers > 1 ? "process \(worker): \(why)" : why)
        }
    }

    private func reached(_ barrier: Barrier, at now: Instant) throws(Failure) -> [Order] {
        arrived[barrier, default: 0] += 1
        guard arrived[barrier] == workers else { return [] }
        samples[barrier.rawValue] = try probe?.sample()
        if barrier == .opened { progress?.talks(from: now) }
        return [.go(barrier, at: now.nanoseconds + Self.pause)]
    }

    private func received(_ interval: Interval) throws(Failure) {
        if probe != nil, interval.second > probed {
            probed = interval.second
            // If the server is gone, its connections report that.
            if let sample = try? probe?.sample() {
                series.take(sample, second: interval.second)
            }
        }
        if let whole = series.take(interval) { progress?.show(whole, settings) }
    }
}
