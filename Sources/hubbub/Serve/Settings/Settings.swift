internal import ChatServer
internal import ChatStore
internal import Logging

/// The settings of `hubbub serve`. Each is checked by itself, and the limits also against each
/// other.
struct Settings {
    let level: Logger.Level
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
    let limits: Limits
    /// One sentence for each setting without an effect.
    let idle: [String]

    struct History {
        let directory: String?
        let durability: Durability
        let retention: Retention
    }

    init(_ options: Serve) throws(Complaint) {
        level = try options.logging.logLevel.value()
        history = try Self.history(options.history)
        host = try options.listening.host.value()
        port = try options.listening.port.value()
        sharesPort = try options.listening.sharesPort()
        encryption = try EncryptionSettings(options.encryption)
        var origins: [String] = []
        for given in options.listening.allowOrigin { origins += try given.value() }
        self.origins = origins
        var proxies = TrustedProxies()
        for given in options.listening.trustedProxies { proxies.blocks += try given.value() }
        proxies.field = try options.listening.forwardedHeader.value()
        self.proxies = proxies
        compression = try options.messages.compression.value()
        limits = try Self.checked(options.limits)
        idle = try IdleSettings(options, limits).sentences
    }

    /// Wrong values are reported even if lines aren't kept.
    private static func history(_ options: HistoryOptions) throws(Complaint) -> History? {
        let history = History(
            directory: try options.data.value(), durability: try options.durability.value(),
            retention: Retention(
                days: try options.retainDays.value(), lines: try options.retainLines.value(),
                bytes: try options.historyBytes.value()))
        return try options.history.value() ? history : nil
    }

    private static func checked(_ options: [Given<LimitChange>]) throws(Complaint) -> Limits {
        var limits = Limits()
        for given in options { try given.value().apply(to: &limits) }
        // Only a size that was set is a limit.
        limits.roomLogsGrow = options.contains {
            $0.source == .nobody && $0.setting.fallback.sets(\.roomLogBytes)
        }
        for inequality in Limits.inequalities where !inequality.holds(in: limits) {
            let lesser = options.first { $0.setting.fallback.sets(inequality.lesser) }
            let greater = options.first { $0.setting.fallback.sets(inequality.greater) }
            guard let lesser, let greater else {
                preconditionFailure("a limit of an inequality has no flag")
            }
            // If the user set only one of the two, the error must be about that one.
            if lesser.source == .nobody {
                throw greater.complaint(
                    "must be \(inequality.allowsEqual ? "at least" : "more than") "
                        + "\(lesser.asGiven); raise it or lower the other")
            }
            throw lesser.complaint(
                "must be \(inequality.allowsEqual ? "at most" : "less than") "
                    + "\(greater.asGiven); lower it or raise the other")
        }
        return limits
    }
}
