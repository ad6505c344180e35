internal import ArgumentParser
internal import Chat
internal import ChatServer

/// How much data may wait in memory.
struct BufferLimits: ParsableArguments {
    @Option(
        .bytes(
            "high-watermark", \.highWatermark, kibibyte...gibibyte,
            "Waiting lines of a client above which no more are queued"))
    var highWatermark: Given<LimitChange>

    @Option(
        .bytes(
            "low-watermark", \.lowWatermark, 1...gibibyte,
            "Waiting lines of a client below which more are queued again"))
    var lowWatermark: Given<LimitChange>

    @Option(
        .bytes(
            "control-watermark", \.controlWatermark, kibibyte...gibibyte,
            "Waiting pongs, errors and the like of a client"))
    var controlWatermark: Given<LimitChange>

    @Option(
        .bytes(
            "room-log-bytes", \.roomLogBytes, kibibyte...gibibyte,
            "Recent lines that a room keeps for members that are behind; without this setting, "
                + "more while they read on"))
    var roomLogBytes: Given<LimitChange>

    @Option(
        .count(
            "max-coalesce-ms", \.coalesce, 1...1_000, of: "ms", zero: "never",
            "Longest time to collect a room's lines while the reactor is busy"))
    var coalesce: Given<LimitChange>

    @Option(
        .bytes(
            "buffer-budget", \.bufferBudget, 64 * kibibyte...1_024 * gibibyte,
            "All that clients make the server keep in memory together; a quarter of the memory if "
                + "that is less than 1GiB"))
    var bufferBudget: Given<LimitChange>

    @Option(
        .bytes(
            "compression-budget", \.compressionBudget, kibibyte...1_024 * gibibyte,
            zero: "only clients that need none",
            "Contexts of all clients' compressed messages together; at most half of "
                + "the buffer budget"))
    var compressionBudget: Given<LimitChange>
}
