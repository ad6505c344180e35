internal import ArgumentParser
internal import Logging

/// What is logged.
struct LoggingOptions: ParsableArguments {
    @Option(
        Setting(
            flag: "log-level", placeholder: "level", what: "Lowest level that is logged",
            accepted: "one of " + Logger.Level.allCases.map(\.rawValue).joined(separator: ", "),
            fallback: .info, fallbackText: "info",
            parse: { Logger.Level(rawValue: $0.lowercased()) },
            hint: { ["warn": "it is called warning", "fatal": "it is called critical"][$0] }))
    var logLevel: Given<Logger.Level>

    @Option(
        Setting(
            flag: "log-format", placeholder: "format", what: "Form of the log's lines",
            accepted: "text, or json for programs that collect logs", fallback: .text,
            fallbackText: "text", parse: { LogFormat(rawValue: $0) }
        ).fixed)
    var logFormat: Given<LogFormat>
}
