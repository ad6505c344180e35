internal import ArgumentParser
internal import ChatServer
internal import ChatStore

/// Which lines are kept, where, and for how long.
struct HistoryOptions: ParsableArguments {
    @Option(
        Setting(
            flag: "history", placeholder: "kind", what: "Where lines are kept",
            accepted: "sqlite, or none to keep a room's recent lines in memory only",
            fallback: true, fallbackText: "sqlite",
            parse: { ["sqlite": true, "none": false][$0] }
        ).fixed)
    var history: Given<Bool>

    @Option(.dataDirectory)
    var data: Given<String?>

    @Option(
        Setting(
            flag: "durability", placeholder: "kind", what: "What stored lines survive",
            accepted: "process: the daemon's death, or power: the machine's death too, for which "
                + "each group of lines waits for the disk",
            fallback: .process, fallbackText: "process", parse: { Durability(rawValue: $0) }
        ).fixed)
    var durability: Given<Durability>

    @Option(
        .wholeNumber(
            "retain-days", 0...36_500, fallback: Retention().days,
            "Days after which a line is deleted", "days", zero: "never"))
    var retainDays: Given<Int>

    @Option(
        .wholeNumber(
            "retain-lines", 0...1_000_000_000, fallback: Retention().lines,
            "Lines of a room beyond which its oldest are deleted", "lines", zero: "never"))
    var retainLines: Given<Int>

    @Option(.historyBytes)
    var historyBytes: Given<Int>

    @Option(
        .count(
            "max-resume-lines", \.resumeLines, 1...100_000_000, of: "lines", zero: "no limit",
            "Missed lines up to which a client can resume"))
    var resumeLines: Given<LimitChange>
}

extension Setting<String?> {
    /// The directory of the database.
    static var dataDirectory: Setting {
        Setting(
            flag: "data", placeholder: "directory", what: "Directory for the stored lines",
            accepted: "a directory that can be created and written", fallback: nil,
            fallbackText: "$STATE_DIRECTORY, $XDG_STATE_HOME/hubbub or ~/.local/state/hubbub",
            parse: { $0.isEmpty ? .none : .some($0) }
        ).example("/var/lib/hubbub").fixed
    }
}

extension Setting<Int> {
    /// The bytes of all lines.
    static var historyBytes: Setting {
        let range = (1 << 20)...(1 << 44)
        return Setting(
            flag: "max-history-bytes", placeholder: Unit.bytes.placeholder,
            what: "Bytes of all stored lines beyond which the oldest of the largest rooms are "
                + "deleted",
            accepted: "\(Unit.bytes.text(range)), or 0 for half of what is free for them at start",
            fallback: 0, fallbackText: "0, half of what is free",
            parse: { text in
                Unit.bytes.parse(text).flatMap { range.contains($0) || $0 == 0 ? $0 : nil }
            },
            hint: { Unit.bytes.hint($0) }, defaultText: "0")
    }

    /// A whole number that is not one of the server's limits.
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
            hint: { counted.hint($0) }, defaultText: "\(fallback)")
    }
}
