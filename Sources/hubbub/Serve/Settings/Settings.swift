internal import ChatServer
internal import ChatStore
internal import Identity
internal import Logging
internal import Reactor
internal import Webhooks

/// The settings of `hubbub serve`. Each is checked by itself, and the limits also against each
/// other.
struct Settings {
    let level: Logger.Level
    let logForm: LogForm
    let origins: [String]
    let proxies: TrustedProxies
    let compression: Bool
    let host: String?
    let port: UInt16
    let sharesPort: Bool
    /// How connections are encrypted. Nil if they aren't.
    let encryption: EncryptionSettings?
    /// Where lines are kept, and for how long. Nil if they aren't kept.
    let history: History?
    /// How rooms are shared with other daemons. Nil if they aren't.
    let cluster: ClusterSettings?
    /// The data directory that was asked for. Nil: the default one, if one is needed.
    let data: String?
    let moderation: ModerationRules
    let limits: Limits
    /// The limits that aren't the default.
    let changedLimits: [ChangedLimit]
    /// Where operators are served alone. Nil: everywhere.
    let adminListen: ListenText?
    /// Names that guests can't take.
    let reservedNames: [String]
    /// The keys of programs.
    let apiKeys: APIKeys
    let webhooks: [Webhook]
    /// How lines are checked. Nil if they aren't.
    let check: CheckSettings?
    /// One sentence for each setting without an effect.
    let idle: [String]

    struct History {
        let directory: String?
        let durability: Durability
        let retention: Retention
    }

    /// Throws all faults, and those of the configuration file.
    ///
    /// - Parameter inherited: the sockets that the daemon has inherited to listen on.
    init(_ options: Serve, inherited: [InheritedSockets.Taken] = []) throws(FaultList) {
        var reading = SettingsReading()
        level = reading.value(of: options.logging.logLevel)
        logForm = reading.value(of: options.logging.logFormat).form
        let keepsHistory = reading.value(of: options.history.history)
        let kept = reading.history(options.history)
        data = kept.directory
        var moderation = ModerationRules.random
        moderation.ipv4Bits = reading.value(of: options.moderation.ipv4Bits)
        moderation.ipv6Bits = reading.value(of: options.moderation.ipv6Bits)
        moderation.undoPeriod = reading.value(of: options.moderation.undoPeriod)
        self.moderation = moderation
        host = reading.value(of: options.listening.host)
        port = reading.value(of: options.listening.port)
        sharesPort = reading.value(of: options.listening.sharesPort)
        encryption = EncryptionSettings(options.encryption, &reading)
        origins = options.listening.allowOrigin.flatMap { reading.value(of: $0) }
        proxies = TrustedProxies(
            options.listening.trustedProxies.flatMap { reading.value(of: $0) },
            field: reading.value(of: options.listening.forwardedHeader))
        compression = reading.value(of: options.messages.compression)
        adminListen = reading.value(of: options.operators.adminListen)
        reservedNames = options.identity.reservedNames.flatMap { reading.value(of: $0) }
        apiKeys = reading.apiKeys(options.identity.apiKeyFile)
        check = CheckSettings(options.checks, &reading)
        webhooks =
            reading.faults.collect { () throws(Complaint) in
                try WebhookMap.webhooks()
            } ?? []
        let limits = reading.limits(options.limits)
        self.limits = limits
        changedLimits = options.limits.compactMap { $0.setting.changed(in: limits) }
        var idle = IdleSettings(options, limits, inherited: inherited)
        cluster = ClusterSettings(options, &reading, kept.retention, &idle)
        history = keepsHistory && cluster == nil ? kept : nil
        if !keepsHistory, cluster == nil {
            idle.noteHistory(options.history, faults: &reading.faults)
        }
        self.idle = idle.sentences
        try reading.faults.check()
    }

    /// Whether anything is kept here. Without a history, changes of moderators are kept only where
    /// the operator wants them: a default could be that of another daemon.
    var needsDirectory: Bool {
        history != nil || data != nil
            || !(SystemCalls.environment("STATE_DIRECTORY") ?? "").isEmpty
    }

    /// Webhooks are told what the embedded history keeps.
    func checkWebhooks() throws(Complaint) {
        guard cluster != nil, !webhooks.isEmpty else { return }
        throw Complaint(
            .configuration,
            "\(WebhookMap.schema.key): a node of a cluster tells no webhooks; leave out "
                + "them or --cluster")
    }

    /// What the server takes, with `connections` instead of 0 or of what was asked for, and the
    /// token that `/metrics` needs.
    func server(connections: Int, metricsToken: String?) -> ChatServer.Settings {
        var limits = limits
        limits.connections = connections
        var settings = ChatServer.Settings(
            limits: limits, origins: origins, proxies: proxies, compression: compression,
            strictTransport: encryption?.strictTransport ?? 0,
            reservedNames: reservedNames, apiKeys: apiKeys)
        settings.changedLimits = changedLimits
        settings.metricsToken = metricsToken
        return settings
    }
}
