internal import ArgumentParser
internal import ChatServer
internal import ChatStore

/// What is kept of what was said, where, and for how long.
struct HistoryOptions: ParsableArguments {
    @Option(
        Setting(
            flag: "history", placeholder: "kind", what: "Where lines are kept",
            accepted: "sqlite, or none to keep a room's recent lines in memory alone",
            fallback: true, fallbackText: "sqlite",
            parse: { ["sqlite": true, "none": false][$0] }))
    var history: Given<Bool>

    @Option(
        Setting(
            flag: "data", placeholder: "directory", what: "Directory for what is kept",
            accepted: "a directory that can be created and written", fallback: nil,
            fallbackText: "$STATE_DIRECTORY, $XDG_STATE_HOME/hubbub or ~/.local/state/hubbub",
            parse: { $0.isEmpty ? .none : .some($0) }))
    var data: Given<String?>

    @Option(
        Setting(
            flag: "durability", placeholder: "kind", what: "What stored lines survive",
            accepted: "process: the daemon's death, or power: the machine's death too, for which "
                + "each group of lines waits for the disk",
            fallback: .process, fallbackText: "process", parse: { Durability(rawValue: $0) }))
    var durability: Given<Durability>

    @Option(
        .wholeNumber(
            "retain-days", 0...36_500, fallback: Retention().days,
            "Days after which a line is given up", "days", zero: "never"))
    var retainDays: Given<Int>

    @Option(
        .wholeNumber(
            "retain-lines", 0...1_000_000_000, fallback: Retention().lines,
            "Lines of a room past which its oldest are given up", "lines", zero: "never"))
    var retainLines: Given<Int>

    @Option(
        .count(
            "max-resume-lines", \.resumeLines, 1...100_000_000, of: "lines", zero: "no limit",
            "Lines that a client may have missed to resume where it was"))
    var resumeLines: Given<LimitChange>
}

extension Setting<Int> {
    /// A whole number that is no limit of the server's.
    fileprivate static func wholeNumber(
        _ flag: String, _ range: ClosedRange<Int>, fallback: Int, _ what: String, _ unit: String,
        zero: String
    ) -> Setting {
        let counted = Unit.count(unit)
        return Setting(
            flag: flag, placeholder: counted.placeholder, what: what,
            accepted: "\(counted.text(1...range.upperBound)), or 0 for \(zero)",
            fallback: fallback, fallbackText: counted.text(fallback),
            parse: { text in counted.parse(text).flatMap { range.contains($0) ? $0 : nil } },
            hint: { counted.hint($0) })
    }
}
