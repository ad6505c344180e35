internal import ArgumentParser
internal import Chat

/// The options of every scenario.
struct CommonOptions: ParsableArguments {
    @Argument(help: "The server's URL: ws://, or wss:// for TLS.")
    var url = "ws://127.0.0.1:8080/ws"

    @Option(help: ArgumentHelp("Connections to open (default: 100; idle and connect: 1000)."))
    var connections: Int?

    @Option(help: "Handshakes a second; 0: as many as the server answers.")
    var connectRate: Double?

    @Option(help: "Seconds in which the rate rises from 0.")
    var ramp = 0.0

    @Option(help: "Processes that share the load.")
    var processes = 1

    @Option(help: "A process of the server to watch; may be repeated.")
    var serverPid: [Int] = []

    @Option(
        help: """
            plain, \(Subprotocol.rich), or auto: that where the server speaks it (default of \
            storm).
            """)
    var dialect: Dialect?

    @Flag(help: "With wss://: don't check the server's certificate.")
    var insecure = false

    @Option(
        help: """
            With wss://: a file (PEM) with authorities to trust besides those of the system.
            """)
    var ca: String?

    @Flag(help: "Print the report as JSON alone; what is for people goes to standard error.")
    var json = false

    @Option(help: "Write the report with plots to a file, as one page.")
    var html: String?
}

extension Dialect: ExpressibleByArgument {}

extension Settings {
    /// The settings of a scenario's options, with the scenario's own defaults.
    init(
        _ scenario: Scenario, _ common: CommonOptions, connections: Int = 100,
        connectRate: Double = 0, duration: Double = 10, dialect: Dialect = .plain
    ) {
        self.init(scenario: scenario, url: common.url)
        self.connections = common.connections ?? connections
        self.connectRate = common.connectRate ?? connectRate
        self.duration = duration
        ramp = common.ramp
        processes = common.processes
        serverPids = common.serverPid
        insecure = common.insecure
        ca = common.ca
        self.dialect = common.dialect ?? dialect
    }

    mutating func take(_ talk: TalkOptions, warmup: Double = 1, payload: Int = 64) {
        duration = talk.duration ?? duration
        self.warmup = talk.warmup ?? warmup
        self.payload = talk.payload ?? payload
    }

    mutating func take(
        _ pace: PaceOptions, rate: Double, warmup: Double = 1, payload: Int = 64
    ) {
        take(pace.talk, warmup: warmup, payload: payload)
        self.rate = pace.rate ?? rate
        let most = scenario.hasOwnSenders ? Int.max : connections - stalled
        let polite = Schedule.politeSenders(rate: self.rate, connections: max(most, 1))
        senders = pace.talk.senders ?? polite
    }
}
