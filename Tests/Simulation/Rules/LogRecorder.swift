internal import Logging
internal import Synchronization

/// Records a server's log.
struct LogRecorder: LogHandler {
    var logLevel = Logger.Level.info
    var metadata = Logger.Metadata()
    private let record = Record()

    private final class Record: Sendable {
        let messages = Mutex<[String]>([])
    }

    var messages: [String] { record.messages.withLock { $0 } }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        record.messages.withLock { $0.append("\(event.message)") }
    }
}
