internal import ArgumentParser

/// What scenarios take in which lines are sent at a rate.
struct PaceOptions: ParsableArguments {
    @OptionGroup var talk: TalkOptions

    @Option(help: "Lines a second, of all senders together.")
    var rate: Double?
}
