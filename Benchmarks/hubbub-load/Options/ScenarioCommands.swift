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

struct IdleCommand: ScenarioCommand {
    static let configuration = CommandConfiguration(
        commandName: "idle",
        abstract: "Opens connections that do nothing: the server's memory for each.",
        discussion: """
            Needs --server-pid. Counted is the process's own memory (Pss_Anon and Pss_Shmem of \
            smaps_rollup), not what the kernel keeps for sockets.
            """)

    @OptionGroup var common: CommonOptions

    @Option(help: "Seconds to hold all of them.")
    var hold = 10.0

    var settings: Settings { Settings(.idle, common, connections: 1_000, duration: hold) }
}

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

struct SlowCommand: ScenarioCommand {
    static let configuration = CommandConfiguration(
        commandName: "slow",
        abstract: "Some clients stop reading half-way: what do the others notice?",
        discussion: """
            By default a tenth of 100 connections stops reading after 8 of 16 s, at 200 lines of \
            1 KiB a second. The server may close them, and in hubbub.v1 announce gaps to them.
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

struct StormCommand: ScenarioCommand {
    static let configuration = CommandConfiguration(
        commandName: "storm",
        abstract: "All connections are cut and reconnect at once, while lines flow.",
        discussion: """
            Senders come on top of --connections, and stay. Where the server speaks hubbub.v1, \
            everybody resumes after the last line that it has seen, and must not miss one. By \
            default 100 connections, two storms in 15 s, and 20 lines a second.
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

/// What this program starts itself with, for a run with several processes.
struct WorkerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker", abstract: "One process of a run.", shouldDisplay: false)

    @Argument(help: "The port that the conductor listens on.")
    var port: UInt16

    func run() throws {
        let environment = ProcessEnvironment.variables
        guard let secret = environment[Workers.secretVariable] else {
            throw Failure("worker is for hubbub-load itself: use --processes")
        }
        do throws(Failure) {
            try Worker.perform(port: port, secret: secret)
        } catch {
            // The conductor tells what it was.
            throw ExitCode(2)
        }
    }
}
