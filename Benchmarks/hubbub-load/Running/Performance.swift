internal import Foundation
internal import Reactor

/// One run, in this process or in several.
struct Performance {
    let settings: Settings

    init(_ settings: Settings) { self.settings = settings }

    /// Runs to the end, or until a signal.
    func report() throws(Failure) -> Report {
        let started = Date()
        let origin = try Self.now()
        let progress = Progress.onTerminal(origin: origin, length: settings.length)
        let conductor = try Conductor(
            settings, workers: settings.processes, origin: origin, progress: progress)
        do throws(Failure) {
            try perform(conductor, origin: origin)
        } catch {
            progress?.end()
            throw error
        }
        guard let outcome = conductor.outcome else {
            throw Failure("no process of the run has reported anything")
        }
        return Report(
            settings, outcome, series: conductor.series.points, samples: conductor.samples,
            started: started, seconds: Date().timeIntervalSince(started))
    }

    private func perform(_ conductor: Conductor, origin: Instant) throws(Failure) {
        if settings.processes > 1 {
            var workers = try Workers(of: conductor)
            return try workers.perform()
        }
        let share = Share(
            settings: settings, index: 0, count: 1, run: .random(in: 0 ... .max))
        var run = try Run(share, origin: origin, link: Link(to: conductor))
        try run.perform()
    }

    private static func now() throws(Failure) -> Instant {
        do throws(SystemError) {
            return try LinuxNetwork().now()
        } catch {
            throw .system(error)
        }
    }
}
