internal import ArgumentParser

struct RoomsCommand: ScenarioCommand {
    static let configuration = CommandConfiguration(
        commandName: "rooms",
        abstract: "Many small rooms, by ?room=, with lines at a steady rate.",
        discussion: """
            By default 1000 connections in 100 rooms, and 200 lines a second in all of them \
            together. No line may come out of another room.
            """)

    @OptionGroup var common: CommonOptions
    @OptionGroup var pace: PaceOptions
    @OptionGroup var limit: LimitOptions

    @Option(help: "Rooms; connections join them in turn.")
    var rooms = 100

    var settings: Settings {
        var settings = Settings(
            .rooms, common, connections: 1_000, duration: limit.findLimit ? 5 : 15)
        settings.rooms = rooms
        settings.take(pace, rate: 200)
        let talking = max(settings.senders, min(rooms, settings.connections))
        settings.senders = pace.talk.senders ?? talking
        return settings
    }

    var targetP99: Double? { limit.findLimit ? limit.targetP99 : nil }
    var chosenSenders: Int? { pace.talk.senders }
}
