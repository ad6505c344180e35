internal import ChatServer
internal import Logging
internal import Reactor
internal import Synchronization

/// Records a server's log.
struct LogRecorder: LogHandler {
    var logLevel: Logger.Level
    var metadata = Logger.Metadata()
    private let record = Record()

    init(logLevel: Logger.Level = .info) {
        self.logLevel = logLevel
    }

    private final class Record: Sendable {
        let milliseconds = Atomic<UInt64>(0)
        let events = Mutex<[(message: String, fields: Logger.Metadata)]>([])
    }

    /// The same log, limited by the world's time.
    var limited: LimitedLog {
        LimitedLog(
            self,
            limit: LogLimit { [record] in record.milliseconds.load(ordering: .relaxed) })
    }

    func passed(to now: Instant) {
        record.milliseconds.store(now.milliseconds, ordering: .relaxed)
    }

    var messages: [String] { record.events.withLock { $0.map(\.message) } }

    /// The messages, each with its metadata: `Stopped connections=0`.
    var entries: [String] {
        record.events.withLock { events in
            events.map { message, fields in
                message + fields.sorted { $0.key < $1.key }.map { " \($0)=\($1)" }.joined()
            }
        }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        record.events.withLock { $0.append(("\(event.message)", event.metadata ?? [:])) }
    }
}
