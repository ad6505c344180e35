/// The settings of a run, as given by its flags.
struct Settings: Codable, Equatable {
    var scenario: Scenario
    var url: String
    var connections = 100
    /// Whether the certificate of a server with TLS is taken without a check.
    var insecure = false
    /// A file with authorities that are trusted besides those of the system.
    var ca: String?
    /// Connections that send lines, in turn.
    var senders = 1
    /// Lines a second, all senders together.
    var rate = 0.0
    /// Seconds that are measured, and seconds of warm-up before that.
    var duration = 10.0
    var warmup = 0.0
    /// Bytes of a line's text, plus up to 15.
    var payload = 64
    var dialect = Dialect.plain
    var processes = 1
    /// Handshakes a second, 0 for as fast as the server answers, and the seconds in which that rate
    /// rises from 0.
    var connectRate = 0.0
    var ramp = 0.0
    /// Lines of a sender that may be under way at once: `flood`.
    var window = 0
    /// The share of the connections that stops reading: `slow`.
    var share = 0.0
    /// How often all connections reconnect: `storm`.
    var rounds = 0
    /// Seconds that they stay away: `storm`.
    var away = 0.0
    var rooms = 1
    /// Connections a second that leave and come back: `soak`.
    var churn = 0.0
    /// The server's processes, which are watched.
    var serverPids: [Int] = []

    /// Throws if a value is invalid, by itself or together with others.
    func check() throws(Failure) {
        try Self.check("connections", connections, in: 1...1_000_000, "each needs a descriptor")
        try Self.check("processes", processes, in: 1...64, "one for each processor is plenty")
        try Self.check("duration", duration, in: 0.1...604_800, "it is in seconds, up to a week")
        try Self.check("connect-rate", connectRate, in: 0...1_000_000, "0 is as fast as possible")
        try Self.check("ramp", ramp, in: 0...3_600, "it is in seconds")
        guard processes <= connections else {
            throw Failure(
                "--processes \(processes): there is no connection for each; use --connections "
                    + "\(processes) or more")
        }
        guard ramp == 0 || connectRate > 0 else {
            throw Failure("--ramp \(ramp): set the final rate with --connect-rate")
        }
        guard scenario != .idle || !serverPids.isEmpty else {
            throw Failure(
                "--server-pid is missing: whose memory? Try --server-pid $(pidof hubbub)")
        }
        if scenario.talks { try checkTalk() }
    }

    private func checkTalk() throws(Failure) {
        try Self.check("rate", rate, in: 0...1_000_000, "it is in lines a second")
        try Self.check("warmup", warmup, in: 0...3_600, "it is in seconds")
        try Self.check("payload", payload, in: 1...1_048_576, "it is in bytes")
        let most = scenario.hasOwnSenders ? 1_000_000 : connections
        try Self.check("senders", senders, in: 1...most, "have more --connections for more")
        try Self.check("rooms", rooms, in: 1...connections, "each needs a connection")
        guard scenario != .rooms || processes <= rooms else {
            throw Failure(
                "--processes \(processes): there is no room for each; use --rooms \(processes) "
                    + "or more")
        }
        if scenario == .flood {
            try Self.check("window", window, in: 1...100_000, "it is in lines of a sender")
        }
        if scenario == .storm {
            try Self.check("rounds", rounds, in: 1...1_000, "each needs some of --duration")
            try Self.check("away", away, in: 0...10, "it is in seconds")
        }
        if scenario == .soak {
            try Self.check("churn", churn, in: 0...10_000, "it is in connections a second")
        }
        guard scenario == .slow else { return }
        try Self.check("share", share, in: 0.001...0.999, "0.1 is a tenth of the connections")
        guard stalled > 0, stalled + senders <= connections else {
            throw Failure(
                "--share \(share): of \(connections) connections \(stalled) would stop reading "
                    + "besides \(senders) that send; have more --connections")
        }
    }

    private static func check<Value: Comparable>(
        _ name: String, _ value: Value, in range: ClosedRange<Value>, _ remedy: String
    ) throws(Failure) {
        guard !range.contains(value) else { return }
        throw Failure(
            "--\(name) \(value) is out of range, \(range.lowerBound) to \(range.upperBound): "
                + remedy)
    }

    /// The number of connections that stop reading.
    var stalled: Int {
        scenario == .slow ? Int((Double(connections) * share).rounded()) : 0
    }

    /// Seconds during which lines flow or connections are held.
    var length: Double { warmup + duration }

    /// Lines a second of each sender.
    var ratePerSender: Double { scenario.isPaced ? rate / Double(senders) : 0 }
}
