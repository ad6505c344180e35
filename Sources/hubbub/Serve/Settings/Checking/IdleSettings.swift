internal import Chat
internal import ChatServer

/// Settings without an effect because of another one.
///
/// Such a flag is refused if it is about history, because the user believes that lines are kept.
/// Such a variable may have been set for all daemons of a machine, and a file may keep values for
/// later: they are only reported.
struct IdleSettings {
    /// One sentence for each of them, for the log.
    private(set) var sentences: [String] = []

    private static let none = "--history none"

    init(_ options: Serve, _ limits: Limits, inherited: [InheritedSockets.Taken] = []) {
        if !inherited.isEmpty { noteListening(options, inherited) }
        if limits.chat.linesPerSecond == 0 {
            note(options.rates.lineBurst, because: "--lines-per-second is 0")
        }
        if limits.costPerSecond == 0 {
            note(options.rates.costBurst, because: "--cost-per-second is 0")
            note(options.times.debtTimeout, because: "--cost-per-second is 0")
        }
        if limits.pingInterval == 0 {
            note(options.times.pongTimeout, because: "--ping-interval is 0")
        }
    }

    /// The service manager has decided where the daemon listens.
    private mutating func noteListening(
        _ options: Serve, _ inherited: [InheritedSockets.Taken]
    ) {
        let reason = "the sockets of LISTEN_FDS are used"
        if inherited.contains(where: \.purpose.isForOperators) {
            note(options.operators.adminListen, because: reason)
        }
        guard inherited.contains(where: { !$0.purpose.isForOperators }) else { return }
        note(options.listening.host, because: reason)
        note(options.listening.port, because: reason)
        note(options.listening.sharesPort, because: reason)
        note(options.encryption.listen, because: reason)
        if !inherited.contains(where: \.purpose.isEncrypted) {
            for given in options.encryption.certificate {
                note(given, because: "no socket of LISTEN_FDNAMES is named https")
            }
        }
    }

    /// Lines aren't kept.
    mutating func noteHistory(_ options: HistoryOptions, faults: inout FaultList) {
        let reason = "nothing is kept with \(Self.none)"
        refuse(options.retainDays, because: reason, &faults)
        refuse(options.retainLines, because: reason, &faults)
        refuse(options.historyBytes, because: reason, &faults)
        refuse(options.durability, because: reason, &faults)
    }

    /// Lines are kept by the cluster.
    mutating func noteCluster(_ options: HistoryOptions, faults: inout FaultList) {
        let reason = "lines are kept in Redis with --cluster"
        refuse(
            options.retainDays,
            because: "with --cluster, lines are kept by their number: --retain-lines", &faults)
        refuse(options.history, because: reason, &faults)
        refuse(options.historyBytes, because: reason, &faults)
        refuse(options.durability, because: reason, &faults)
    }

    /// Rooms aren't shared.
    mutating func noteNoCluster(_ options: ClusterOptions) {
        note(options.nodeName, because: "there is no --cluster")
        note(options.wait, because: "there is no --cluster")
    }

    private mutating func refuse<Value>(
        _ given: Given<Value>, because reason: String, _ faults: inout FaultList
    ) {
        guard given.source != .commandLine else {
            return faults.append(given.complaint("\(reason); leave out one of them"))
        }
        note(given, because: reason)
    }

    private mutating func note<Value>(_ given: Given<Value>, because reason: String) {
        guard given.source != .nobody else { return }
        sentences.append("\(given.asGiven) has no effect: \(reason)")
    }
}
