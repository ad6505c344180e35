internal import ArgumentParser
internal import ChatServer
internal import ChatStore
internal import Logging
internal import Reactor

/// The command `hubbub serve`. It checks the settings, gets resources from the system, and runs the
/// server until a signal ends it.
struct Serve: ParsableCommand, ConfiguredCommand {
    static let name = "serve"

    static let configuration = CommandConfiguration(
        commandName: name, abstract: "Serve chat over WebSocket, and a page to chat on.",
        usage: "hubbub [serve] [<options>]",
        discussion: """
            Each option can also be set by the environment variable in its help. \
            The option wins, and an empty variable counts as unset. With --config, a file sets \
            what neither says: its keys are the options without their dashes (see \
            `hubbub config example`). Bytes are written like \
            65536, 64KiB or 1MiB, times like 10, 0.5, 500ms or 5m. For the other commands see \
            `hubbub help`.
            """)

    @Option(.configurationFile) var config: Given<String?>

    @OptionGroup(title: "Listening") var listening: ListeningOptions
    @OptionGroup(title: "Encryption") var encryption: EncryptionOptions
    @OptionGroup(title: "Operators") var operators: OperatorOptions
    @OptionGroup(title: "Logging") var logging: LoggingOptions
    @OptionGroup(title: "History") var history: HistoryOptions
    @OptionGroup(title: "Cluster") var cluster: ClusterOptions
    @OptionGroup(title: "Identity") var identity: IdentityOptions
    @OptionGroup(title: "Moderation") var moderation: ModerationOptions
    @OptionGroup(title: "Webhooks") var checks: CheckOptions
    @OptionGroup(title: "Messages") var messages: MessageLimits
    @OptionGroup(title: "Rates") var rates: RateLimits
    @OptionGroup(title: "Connections") var connections: ConnectionLimits
    @OptionGroup(title: "Timeouts") var times: TimeLimits
    @OptionGroup(title: "Buffers") var buffers: BufferLimits

    /// All limits.
    var limits: [Given<LimitChange>] {
        history.limits + messages.limits + rates.limits + connections.limits + times.limits
            + buffers.limits
    }

    func run() throws {
        let manager = NotifyAddress.take()
        let inherited = try InheritedSockets.take()
        // Wrong values are reported before anything is touched.
        let settings = try Settings(self, inherited: inherited)
        let budget = try ConnectionBudget.inForce()
        let limits = try budget.applied(to: settings.limits, given: connections.connections)
        let identity = try IdentitySettings(self.identity, limits: limits)
        try settings.checkWebhooks()
        let metricsToken = try operators.token()
        let checkSecret = try settings.check?.secret()
        // The table must grow before the log and the store have threads: with them it would wait.
        let table = TableGrowth(for: limits.connections)
        let directory =
            settings.needsDirectory
            ? try DataDirectory.prepare(settings.data, given: history.data) : nil
        let lock = try directory.map { try DataDirectory.lock($0) }
        defer { withExtendedLifetime(lock) {} }
        let sockets = try listening.sockets(
            inherited: inherited, settings, encryption: encryption)
        let operatorSockets = try listening.operatorSockets(
            inherited: inherited, settings, given: operators.adminListen)
        // `hubbub reload` reaches the daemon as soon as the log says that it listens.
        let control = directory.map { directory in
            Result { () throws(SystemError) in try ControlSocket.listen(in: directory) }
        }
        // It blocks the termination signals. The log's thread must inherit that.
        let network = try LinuxNetwork()

        let writer = LineWriter(form: settings.logForm)
        defer { writer.flush() }
        let threshold = LogThreshold(settings.level)
        let limit = LogLimit()
        LoggingSystem.bootstrap { _ in
            LimitedLog(StandardErrorLog(writer: writer, threshold: threshold), limit: limit)
        }
        let log = Logger(label: "hubbub")
        let node = try settings.cluster.map { wanted in
            try ClusterService(
                wanted, listening: sockets.map(\.address), sharesPort: settings.sharesPort,
                tokensIn: identity.usesOwnSecret ? directory : nil,
                undoPeriod: settings.moderation.undoPeriod,
                wake: { [waker = network.waker] in waker.wake() }, log: log)
        }
        let tokens = try TokenService(
            identity, directory: directory, wake: { [waker = network.waker] in waker.wake() },
            tell: node?.tell, log: log)
        defer { tokens?.close() }
        let addresses = ListeningOptions.text(of: sockets)
        // It is logged at any level: with --port 0, only this entry tells the port.
        writer.write(
            .notice, "hubbub \(Version.current) listening on \(addresses)",
            ["data": "\(directory ?? "none")"].merging(
                operatorSockets.isEmpty
                    ? [:] : ["admin": "\(ListeningOptions.text(of: operatorSockets))"]
            ) { data, _ in data })
        log.info("Limits in force", metadata: texts(of: limits, settings))
        for sentence in settings.idle + EnvironmentNames.problems() {
            log.warning("\(sentence)")
        }
        log.info("Descriptors for \(budget.connections) connections", metadata: budget.metadata)
        table.warn(log)

        var moderation = settings.moderation
        if let check = settings.check {
            moderation.checker = CheckService(
                check, secret: checkSecret, wake: { [waker = network.waker] in waker.wake() })
            moderation.checkFailure = check.failure
        }
        if let node {
            moderation.addressKey = try node.secrets.addressKey
        } else if let directory {
            moderation.addressKey = try AddressSecret.key(in: directory)
        }
        let webhooks = WebhookService(
            directory: settings.history == nil ? nil : directory, log: log)
        try webhooks.use(settings.webhooks)
        var store: SQLiteStore?
        var keeper: ChangeStore?
        if let directory, let wanted = settings.history {
            store = SQLiteStore(
                directory: directory, durability: wanted.durability,
                retention: wanted.retention, undoPeriod: moderation.undoPeriod,
                wake: { [waker = network.waker] in
                    waker.wake()
                    webhooks.ring()
                }, log: log)
        } else if let directory, node == nil {
            keeper = try Self.openChanges(in: directory, &moderation, network.waker, log)
        }
        defer { keeper?.close() }
        defer { close(store, log) }
        defer { webhooks.close() }

        let watch = settings.encryption.map { encryption in
            CertificateWatch(encryption.files, encryption.pairs, encryption.certificates, log: log)
        }
        watch?.start()
        defer { withExtendedLifetime(watch) {} }

        let reloader = Reloader(
            self, inherited: inherited, connections: limits.connections, threshold: threshold,
            store: store, watch: watch, tokens: tokens, webhooks: webhooks,
            wake: { [waker = network.waker] in waker.wake() }, log: log)
        reloader.start(control: control)
        var supervision = ServiceManager(manager, log: log)?.supervision ?? Supervision()
        supervision.observer = webhooks

        let life: Life
        do throws(SystemError) {
            life = try Daemon.run(
                network: network, listeners: sockets.map(\.socket),
                forOperators: operatorSockets.map(\.socket),
                settings: settings.server(
                    connections: limits.connections, metricsToken: metricsToken),
                store: node?.store ?? store,
                identity: tokens?.rules ?? IdentityRules(), moderation: moderation,
                certificates: settings.encryption?.certificates,
                supervision: supervision.adding(reloader.inbox) { event in
                    if event == .reloading { reloader.requested() }
                }, log: log)
        } catch {
            log.critical("The system refused", metadata: ["error": "\(error)"])
            throw ExitCode(Complaint.Status.system.rawValue)
        }
        try node?.close()
        if case .endedAtOnce(let signal) = life {
            log.warning("Ended at once by a second signal", metadata: ["signal": "\(signal)"])
            // A shell reports a death by signal in this way.
            throw ExitCode(128 + signal)
        }
    }

    /// Opens what keeps changes without a history.
    private static func openChanges(
        in directory: String, _ moderation: inout ModerationRules, _ waker: Waker, _ log: Logger
    ) throws(Complaint) -> ChangeStore {
        do throws(ChangeStore.Refusal) {
            let keeper = try ChangeStore(
                directory: directory, undoPeriod: moderation.undoPeriod,
                wake: { waker.wake() }, log: log)
            moderation.kept = try keeper.snapshot()
            moderation.keeper = keeper
            return keeper
        } catch {
            throw Complaint(.cannotCreate, "--data \(error)")
        }
    }

    /// Closes the store, which marks it as intact.
    private func close(_ store: SQLiteStore?, _ log: Logger) {
        guard let store, !store.close() else { return }
        log.warning("The history was not closed in time: the next start checks it thoroughly")
    }

    private func texts(of limits: Limits, _ settings: Settings) -> Logger.Metadata {
        var texts = settings.metadata
        for given in self.limits {
            texts[given.setting.flag] = "\(given.setting.fallback.text(in: limits))"
        }
        return texts
    }
}
