internal import Logging

/// A log handler that writes lines to standard error: `2026-01-31T12:00:00.123Z info listening on
/// [::]:8080 data=/x`, or what the writer's form asks for.
struct StandardErrorLog: LogHandler {
    let writer: LineWriter
    let threshold: LogThreshold
    var metadata: Logger.Metadata = [:]

    var logLevel: Logger.Level {
        get { threshold.level }
        set { threshold.level = newValue }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var all = metadata.merging(event.metadata ?? [:]) { _, event in event }
        if let error = event.error { all["error"] = "\(error)" }
        writer.write(event.level, "\(event.message)", all)
    }
}
