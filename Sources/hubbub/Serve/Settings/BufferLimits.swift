internal import ArgumentParser
internal import Chat
internal import ChatServer

/// How much may wait in memory.
struct BufferLimits: ParsableArguments {
    @Option(
        .bytes(
            "high-watermark", \.highWatermark, kibibyte...gibibyte,
            "Lines that wait for a client: above this no more are queued"))
    var highWatermark: Given<LimitChange>

    @Option(
        .bytes(
            "low-watermark", \.lowWatermark, 1...gibibyte,
            "Lines that wait for a client: below this more are queued again"))
    var lowWatermark: Given<LimitChange>

    @Option(
        .bytes(
            "control-watermark", \.controlWatermark, kibibyte...gibibyte,
            "Pongs, errors and the like that wait for a client"))
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
            "Time that a room's lines are held together at most, while the reactor is busy"))
    var coalesce: Given<LimitChange>

    @Option(
        .bytes(
            "buffer-budget", \.bufferBudget, 64 * kibibyte...1_024 * gibibyte,
            "What waits for all clients together"))
    var bufferBudget: Given<LimitChange>

    @Option(
        .bytes(
            "compression-budget", \.compressionBudget, kibibyte...1_024 * gibibyte,
            zero: "clients alone that need none",
            "What clients' compressed messages refer to, for all clients together; at most half of "
                + "the buffer budget"))
    var compressionBudget: Given<LimitChange>
}
