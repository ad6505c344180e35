public import Logging

/// A log handler that passes on a few entries a second, whatever clients and peers do. The next
/// entry says how many of its kind were left out, as `omitted`.
///
/// The limit holds for each message from `info` to `error`. Who asks for `debug` or `trace` gets
/// all of that, and `critical` is always written.
public struct LimitedLog: LogHandler {
    private var log: any LogHandler
    private let limit: LogLimit

    /// - Parameter limit: the same for all handlers of the log.
    public init(_ log: any LogHandler, limit: LogLimit) {
        (self.log, self.limit) = (log, limit)
    }

    public var logLevel: Logger.Level {
        get { log.logLevel }
        set { log.logLevel = newValue }
    }

    public var metadata: Logger.Metadata {
        get { log.metadata }
        set { log.metadata = newValue }
    }

    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { log[metadataKey: key] }
        set { log[metadataKey: key] = newValue }
    }

    public func log(event: LogEvent) {
        switch event.level {
        case .trace, .debug, .critical: return log.log(event: event)
        case .info, .notice, .warning, .error: break
        }
        guard let (omitted, left) = limit.admit("\(event.message)") else { return }
        var event = event
        for each in left {
            var summary = event
            (summary.level, summary.message, summary.error) =
                (.info, "Entries of this log were left out", nil)
            summary.metadata = ["entry": "\(each.kind)", "omitted": "\(each.count)"]
            log.log(event: summary)
        }
        if omitted > 0 {
            event.metadata = (event.metadata ?? [:]).merging(["omitted": "\(omitted)"]) { $1 }
        }
        log.log(event: event)
    }
}
