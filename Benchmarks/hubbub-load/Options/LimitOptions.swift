internal import ArgumentParser

/// The options of a search for the server's limit.
struct LimitOptions: ParsableArguments {
    @Flag(help: "Raise the rate until p99 exceeds --target-p99, and report what the server held.")
    var findLimit = false

    @Option(help: "Milliseconds, for --find-limit.")
    var targetP99 = 50.0
}
