internal import ArgumentParser
internal import ChatServer
internal import ChatStore
internal import Console
internal import Dispatch
internal import Logging
internal import Reactor
internal import Synchronization

/// Reads the settings again on a thread of its own, on request: the file, the environment and the
/// flags. If all of them are right, they take effect. Otherwise nothing changes.
final class Reloader: Sendable {
    private struct State {
        var waiting: [ReloadRequest?] = []
        /// The texts of the settings in force.
        var texts: SettingTexts
    }

    /// Where the server finds new settings.
    let inbox = SettingsInbox()
    private let inherited: [InheritedSockets.Taken]
    private let connections: Int
    private let threshold: LogThreshold
    private let store: SQLiteStore?
    private let watch: CertificateWatch?
    private let tokens: TokenService?
    private let webhooks: WebhookService
    private let wake: @Sendable () -> Void
    private let log: Logger
    /// The texts of the settings at start. Those that can't change are in force.
    private let first: SettingTexts
    private let state: Mutex<State>
    private let queue = DispatchQueue(label: "reload")

    /// - Parameter connections: the number of connections that the server was made for.
    init(
        _ serve: Serve, inherited: [InheritedSockets.Taken], connections: Int,
        threshold: LogThreshold, store: SQLiteStore?, watch: CertificateWatch?,
        tokens: TokenService?, webhooks: WebhookService,
        wake: @escaping @Sendable () -> Void, log: Logger
    ) {
        self.webhooks = webhooks
        (self.inherited, self.connections, self.threshold) = (inherited, connections, threshold)
        (self.store, self.watch, self.tokens) = (store, watch, tokens)
        (self.wake, self.log) = (wake, log)
        first = SettingTexts(serve)
        state = Mutex(State(texts: first))
    }

    /// At `control`, if it is there, `hubbub reload` reaches the daemon.
    func start(control: Result<Socket, SystemError>?) {
        switch control {
        case .success(let listener):
            DispatchQueue(label: "control").async { [self] in
                ControlSocket.serve(listener) { request in self.answer(request) }
            }
        case .failure(let error):
            log.warning(
                "hubbub reload can't reach this daemon; SIGHUP can",
                metadata: ["error": "\(error)"])
        case nil: break
        }
    }

    /// SIGHUP has arrived. Never blocks.
    func requested() { add(nil) }

    private func answer(_ request: String) -> (status: Int32, text: String) {
        if let answer = tokens?.revoker.answer(request) { return answer }
        guard request == ReloadCommand.name else {
            return (Complaint.Status.usage.rawValue, "\(request): there is no such request\n")
        }
        let waiting = ReloadRequest()
        add(waiting)
        guard let report = waiting.wait() else {
            return (Complaint.Status.unavailable.rawValue, "The daemon is still reading\n")
        }
        return (report.status, report.text)
    }

    private func add(_ request: ReloadRequest?) {
        state.withLock { $0.waiting.append(request) }
        queue.async { [self] in reloadForAll() }
    }

    private func reloadForAll() {
        let requests = state.withLock { state in
            defer { state.waiting = [] }
            return state.waiting
        }
        guard !requests.isEmpty else { return }
        let report = reload()
        for request in requests { request?.answer(report) }
    }

    private func reload() -> ReloadReport {
        let report: ReloadReport
        do {
            let options = try Serve.parse(Self.arguments)
            report = try ConfigurationScope.$current.withValue(options.scope()) {
                try take(Serve.parse(Self.arguments))
            }
        } catch let faults as FaultList {
            report = refused(faults.lines, faults.status)
        } catch let complaint as Complaint {
            report = refused([complaint.line], complaint.status)
        } catch {
            report = refused(["\(error)"], .system)
        }
        wake()
        return report
    }

    private static var arguments: [String] {
        let arguments = Arguments.all
        return arguments.first == Serve.name ? Array(arguments.dropFirst()) : arguments
    }

    private func refused(_ lines: [String], _ status: Complaint.Status) -> ReloadReport {
        log.error(
            "The old settings stay in force: the new ones are faulty",
            metadata: ["faults": "\(lines.count)"])
        for line in lines { log.error("\(line)") }
        inbox.put(nil)
        return ReloadReport(status: status.rawValue, lines: lines)
    }

    /// Puts the settings in force. Throws before anything has changed.
    private func take(_ options: Serve) throws -> ReloadReport {
        let settings = try Settings(options, inherited: inherited)
        try settings.checkWebhooks()
        let texts = SettingTexts(options)
        let metricsToken = try options.operators.token()
        let identity = try IdentitySettings(options.identity, limits: settings.limits)
        let keys = try tokens?.read(identity)
        var left = first.changed(in: texts, areFixed: true)
        var changed = state.withLock { $0.texts.changed(in: texts, areFixed: false) }
        if tokens == nil {
            // Nobody has tokens, and that can't change.
            left += changed.filter(Self.isOfTokens)
            changed.removeAll(where: Self.isOfTokens)
        }
        if settings.cluster != nil {
            // Redis has been told from the start how many lines it keeps.
            left += changed.filter(Self.isOfRetention)
            changed.removeAll(where: Self.isOfRetention)
        }
        if (watch == nil) != (settings.encryption == nil) {
            // Encryption can't be begun or ended.
            left += changed.filter(Self.isOfEncryption)
            changed.removeAll(where: Self.isOfEncryption)
        } else if let watch, let encryption = settings.encryption,
            let refusal = watch.take(encryption.files)
        {
            throw Complaint(.configuration, "\(refusal.place): \(refusal.reason)")
        }
        try webhooks.use(settings.webhooks)
        if let keys { tokens?.use(keys) }
        threshold.level = settings.level
        if let history = settings.history { store?.retain(history.retention) }
        var wanted = settings.server(connections: connections, metricsToken: metricsToken)
        if watch == nil { wanted.strictTransport = 0 }
        inbox.put(wanted)
        state.withLock { $0.texts = texts }
        return taken(changed, left: left, idle: settings.idle)
    }

    private static func isOfTokens(_ flag: String) -> Bool { flag.hasPrefix("token-") }

    private static func isOfRetention(_ flag: String) -> Bool { flag == "retain-lines" }

    private static func isOfEncryption(_ flag: String) -> Bool {
        flag.hasPrefix("tls-") || flag == "hsts"
    }

    private func taken(_ changed: [String], left: [String], idle: [String]) -> ReloadReport {
        log.notice(
            "The settings and certificates were read again",
            metadata: ["changed": "\(changed.isEmpty ? "none" : changed.joined(separator: ","))"])
        var lines = changed.isEmpty ? ["No setting has changed."] : []
        lines += changed.map { "\(Self.named($0)): in force now" }
        for name in left {
            log.warning(
                "A change of this setting needs a restart", metadata: ["setting": "\(name)"])
            lines.append("\(Self.named(name)): left as it was; restart the daemon to change it")
        }
        for sentence in idle { log.warning("\(sentence)") }
        return ReloadReport(status: 0, lines: lines + idle)
    }

    /// The setting, after its place in the file.
    private static func named(_ flag: String) -> String {
        let text = ConfigurationScope.current.file.texts(of: flag).last
        return (text.map { "\($0.place): " } ?? "") + flag
    }
}
