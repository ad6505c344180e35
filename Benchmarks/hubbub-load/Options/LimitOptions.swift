internal import ArgumentParser

/// Whether a limit is looked for.
struct LimitOptions: ParsableArguments {
    @Flag(help: "Raise the rate until p99 exceeds --target-p99, and tell what the server held.")
    var findLimit = false

    @Option(help: "Milliseconds, for --find-limit.")
    var targetP99 = 50.0
}
