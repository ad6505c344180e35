internal import ArgumentParser

struct BroadcastCommand: ScenarioCommand {
    static let configuration = CommandConfiguration(
        commandName: "broadcast",
        abstract: "Sends lines to one room at a steady rate, whatever the server does.",
        discussion: "By default 100 connections, and 20 lines a second for 15 s.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var pace: PaceOptions
    @OptionGroup var limit: LimitOptions

    var settings: Settings {
        var settings = Settings(.broadcast, common, duration: limit.findLimit ? 5 : 15)
        settings.take(pace, rate: 20)
        return settings
    }

    var targetP99: Double? { limit.findLimit ? limit.targetP99 : nil }
    var chosenSenders: Int? { pace.talk.senders }
}
