internal import ArgumentParser
internal import Chat

struct StormCommand: ScenarioCommand {
    static let configuration = CommandConfiguration(
        commandName: "storm",
        abstract: "All connections are cut and reconnect at once, while lines flow.",
        discussion: """
            Senders come on top of --connections, and stay. Where the server speaks \
            \(Subprotocol.rich), everybody resumes after the last line that it has seen, and must \
            not miss one. By default 100 connections, two storms in 15 s, and 20 lines a second.
            """)

    @OptionGroup var common: CommonOptions
    @OptionGroup var pace: PaceOptions

    @Option(help: "How often all reconnect.")
    var rounds = 2

    @Option(help: "Seconds that they stay away, so that there are lines to catch up with.")
    var away = 0.5

    var settings: Settings {
        var settings = Settings(.storm, common, duration: 15, dialect: .auto)
        settings.rounds = rounds
        settings.away = away
        settings.take(pace, rate: 20)
        return settings
    }
}
