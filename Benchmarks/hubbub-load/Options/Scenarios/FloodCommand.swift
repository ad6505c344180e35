internal import ArgumentParser

struct FloodCommand: ScenarioCommand {
    static let configuration = CommandConfiguration(
        commandName: "flood",
        abstract: "Sends as many lines as the server takes, with a bounded number under way.",
        discussion: """
            By default 10 of 100 connections send for 10 s, each with a window of 10 lines: the \
            next one goes out as soon as one has come back. Start hubbub with \
            --lines-per-second 0.
            """)

    @OptionGroup var common: CommonOptions
    @OptionGroup var talk: TalkOptions

    @Option(help: "Lines of a sender that are under way at the same time.")
    var window = 10

    var settings: Settings {
        var settings = Settings(.flood, common)
        settings.take(talk)
        settings.senders = talk.senders ?? min(10, settings.connections)
        settings.window = window
        return settings
    }
}
