internal import ArgumentParser
internal import Chat

struct SlowCommand: ScenarioCommand {
    static let configuration = CommandConfiguration(
        commandName: "slow",
        abstract: "Some clients stop reading half-way: what do the others notice?",
        discussion: """
            By default a tenth of 100 connections stops reading after 8 of 16 s, at 200 lines of \
            1 KiB a second. The server may close them, and in \(Subprotocol.rich) announce gaps to \
            them.
            """)

    @OptionGroup var common: CommonOptions
    @OptionGroup var pace: PaceOptions

    @Option(help: "The share of the connections that stops reading.")
    var share = 0.1

    var settings: Settings {
        var settings = Settings(.slow, common, duration: 16)
        settings.share = share
        settings.take(pace, rate: 200, payload: 1_024)
        return settings
    }
}
