internal import ArgumentParser
internal import Logging

/// What is logged, and where state is kept.
struct LoggingOptions: ParsableArguments {
    @Option(
        Setting(
            flag: "log-level", placeholder: "level", what: "Least level that is logged",
            accepted: "one of " + Logger.Level.allCases.map(\.rawValue).joined(separator: ", "),
            fallback: .info, fallbackText: "info",
            parse: { Logger.Level(rawValue: $0.lowercased()) }))
    var logLevel: Given<Logger.Level>

    @Option(
        Setting(
            flag: "data", placeholder: "directory", what: "Directory for what is kept",
            accepted: "a directory that can be created and written", fallback: nil,
            fallbackText: "$STATE_DIRECTORY, $XDG_STATE_HOME/hubbub or ~/.local/state/hubbub",
            parse: { $0.isEmpty ? .none : .some($0) }))
    var data: Given<String?>
}
