internal import ArgumentParser

struct ConnectCommand: ScenarioCommand {
    static let configuration = CommandConfiguration(
        commandName: "connect", abstract: "Opens connections at a rate, and holds them.")

    @OptionGroup var common: CommonOptions

    @Option(help: "Seconds to hold all of them.")
    var hold = 10.0

    var settings: Settings {
        Settings(
            .connect, common, connections: 1_000, connectRate: 500, duration: hold)
    }
}
