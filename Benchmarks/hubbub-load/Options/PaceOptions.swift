internal import ArgumentParser

/// The options of scenarios that send lines at a rate.
struct PaceOptions: ParsableArguments {
    @OptionGroup var talk: TalkOptions

    @Option(help: "Lines a second, of all senders together.")
    var rate: Double?
}
