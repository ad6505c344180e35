internal import ArgumentParser

/// The options of scenarios that send lines.
struct TalkOptions: ParsableArguments {
    @Option(help: "Seconds to measure.")
    var duration: Double?

    @Option(help: "Seconds before that, with lines that are verified but not timed.")
    var warmup: Double?

    @Option(help: "Bytes of a line's text, of which about 50 are its identity; up to 15 more.")
    var payload: Int?

    @Option(
        help: """
            Connections that send, in turn (default: so many that none sends more than 4 lines a \
            second, which hubbub's own limit of 5 allows; flood: 10).
            """)
    var senders: Int?
}
