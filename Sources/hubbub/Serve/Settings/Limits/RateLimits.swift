internal import ArgumentParser
internal import Chat
internal import ChatServer

/// How fast one client may send.
struct RateLimits: ParsableArguments {
    @Option(
        .count(
            "lines-per-second", \.chat.linesPerSecond, 1...fastest, of: "lines/s",
            zero: "no limit", "Lines that a connection sends in the long run"))
    var linesPerSecond: Given<LimitChange>

    @Option(
        .count(
            "line-burst", \.chat.lineBurst, 1...fastest, of: "lines",
            "Lines that a connection may send at once after a pause"
        ).hinting { text in
            Int(text) == 0 ? "for no limit set --lines-per-second to 0" : nil
        })
    var lineBurst: Given<LimitChange>

    @Option(
        .bytes(
            "bytes-per-second", \.bytesPerSecond, 1...gibibyte, zero: "no limit",
            "Bytes per second that are read from a connection"))
    var bytesPerSecond: Given<LimitChange>

    @Option(
        .count(
            "cost-per-second", \.costPerSecond, 1...fastest, of: "units/s", zero: "no limit",
            "Work that a connection may ask for in the long run, in units of about a microsecond"))
    var costPerSecond: Given<LimitChange>

    @Option(
        .count(
            "cost-burst", \.costBurst, 1...fastest, of: "units",
            "Work that a connection may ask for at once after a pause"
        ).hinting { text in
            Int(text) == 0 ? "for no limit set --cost-per-second to 0" : nil
        })
    var costBurst: Given<LimitChange>

    @Option(
        .count(
            "errors-per-minute", \.chat.errorsPerMinute, 1...fastest, of: "commands/min",
            zero: "no limit", "Refused commands beyond which a connection is closed"))
    var errorsPerMinute: Given<LimitChange>
}
