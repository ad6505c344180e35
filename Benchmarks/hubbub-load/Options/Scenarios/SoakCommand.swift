internal import ArgumentParser

struct SoakCommand: ScenarioCommand {
    static let configuration = CommandConfiguration(
        commandName: "soak",
        abstract: "Lines for minutes or hours, while clients come and go.",
        discussion: "By default 100 connections, 20 lines a second for 10 minutes.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var pace: PaceOptions

    @Option(help: "Connections a second that leave and come back.")
    var churn = 2.0

    var settings: Settings {
        var settings = Settings(.soak, common, duration: 600)
        settings.churn = churn
        settings.take(pace, rate: 20)
        return settings
    }
}
