internal import ArgumentParser
internal import Console
internal import Foundation

/// A scenario with its own flags and defaults.
protocol ScenarioCommand: ParsableCommand {
    var common: CommonOptions { get }
    /// The settings given by the flags.
    var settings: Settings { get }
    /// Milliseconds of p99, if a limit is to be found.
    var targetP99: Double? { get }
    /// The value of `--senders`.
    var chosenSenders: Int? { get }
}

extension ScenarioCommand {
    var targetP99: Double? { nil }
    var chosenSenders: Int? { nil }

    func run() throws {
        var settings = settings
        _ = try Crowd.makeTLS(Target(url: settings.url), settings)
        try settings.check()
        try checkPage()
        try people.write(line: Self.headline(settings))
        var report: Report
        if let targetP99 {
            report = try findLimit(&settings, targetP99: targetP99)
        } else {
            Self.warn(settings)
            report = try Performance(settings).report()
        }
        try people.write(line: report.text)
        if common.json { try StandardStream.output.write(json: try report.json()) }
        if let path = common.html { try Self.write(report.html, to: path) }
        guard report.isClean else { throw ExitCode(1) }
    }

    /// The stream for people. With `--json`, standard output is for programs alone.
    private var people: StandardStream { common.json ? .error : .output }

    /// Runs at rising rates. The report is of the last rate that was held, or else of the last run.
    private func findLimit(_ settings: inout Settings, targetP99: Double) throws -> Report {
        guard targetP99 > 0 else {
            throw Failure("--target-p99 \(targetP99): it must be above 0 ms")
        }
        var search = LimitSearch(from: settings.rate, targetP99: targetP99)
        var best: Report?
        while let rate = search.next {
            settings.rate = rate
            settings.senders =
                chosenSenders
                ?? max(
                    Schedule.politeSenders(rate: rate, connections: settings.connections),
                    settings.scenario == .rooms ? settings.rooms : 1)
            Self.warn(settings)
            let report = try Performance(settings).report()
            search.took(
                p99: report.latency?.p99, unsent: report.lines?.unsent ?? 0,
                isClean: report.isClean)
            if let step = search.steps.last {
                try people.write(line: "  \(step.text)")
            }
            if best == nil || search.steps.last?.isHeld == true || !report.isClean {
                best = report
            }
            if !report.isClean || report.isInterrupted { break }
        }
        guard var report = best else { throw Failure("--rate \(settings.rate): nothing was tried") }
        report.limit = search.result
        return report
    }

    private static func headline(_ settings: Settings) -> String {
        let scenario = settings.scenario
        var parts = ["\(settings.connections) connections"]
        if scenario == .rooms { parts.append("\(settings.rooms) rooms") }
        if scenario.isPaced { parts.append("\(settings.rate) lines/s") }
        if scenario == .flood {
            parts.append("\(settings.senders) senders with \(settings.window) lines under way")
        }
        if scenario.talks {
            parts.append("\(settings.payload) bytes")
            parts.append("\(settings.warmup) s of warm-up and \(settings.duration) s")
        } else {
            parts.append("held for \(settings.duration) s")
        }
        if settings.processes > 1 { parts.append("\(settings.processes) processes") }
        return "hubbub-load \(scenario.rawValue) \(settings.url): "
            + parts.joined(separator: ", ")
    }

    /// Warns of limits of the server that would spoil the run.
    private static func warn(_ settings: Settings) {
        if settings.ratePerSender > Schedule.politeRate {
            HubbubLoad.complain(
                "each sender sends \(Int(settings.ratePerSender.rounded(.up))) lines a second; "
                    + "if the server limits that (hubbub: to 5), start it with "
                    + "--lines-per-second 0, or have more --senders among more --connections")
        }
    }

    /// Checks now, instead of failing after an hour.
    private func checkPage() throws(Failure) {
        guard let path = common.html else { return }
        let isThere = FileManager.default.fileExists(atPath: path)
        let isWritable =
            isThere
            ? FileManager.default.isWritableFile(atPath: path)
            : FileManager.default.createFile(atPath: path, contents: nil)
        guard isWritable else {
            throw Failure("--html \(path): it can't be written; is the folder there?")
        }
    }

    private static func write(_ page: String, to path: String) throws(Failure) {
        do {
            try Data(page.utf8).write(to: URL(fileURLWithPath: path))
        } catch {
            throw Failure("--html \(path): it can't be written: \(error.localizedDescription)")
        }
    }
}
