internal import Console
internal import Dispatch
internal import Logging
internal import Synchronization

/// Writes lines to standard error on a thread of its own, because a stalled reader of standard
/// error must not stall the daemon. If too many lines wait, further ones are lost, and the log says
/// how many.
///
/// The thread exists from start to end. Dispatch creates threads when they are needed. If the
/// system has none to give, Dispatch waits in the caller, which would be the reactor.
final class LineWriter: Sendable {
    /// The number of lines that may wait: seconds of a busy log, and at most a few hundred KiB.
    private static let capacity = 1_024
    /// How long the end of the process waits for the last lines.
    private static let patience = DispatchTimeInterval.seconds(1)

    private struct Waiting {
        var lines: [String] = []
        var lost = 0
        var flushed: DispatchSemaphore?
    }

    private let form: LogForm
    private let waiting = Mutex(Waiting())
    private let wake = DispatchSemaphore(value: 0)

    init(form: LogForm) {
        self.form = form
        DispatchQueue(label: "log").async { [self] in
            while true {
                wake.wait()
                writeWaiting()
            }
        }
    }

    /// Queues an entry. Never blocks.
    func write(_ level: Logger.Level, _ message: String, _ metadata: Logger.Metadata) {
        let line = LogText.entry(level, message, metadata, form: form)
        let isQueued = waiting.withLock { waiting in
            guard waiting.lines.count < Self.capacity else {
                waiting.lost += 1
                return false
            }
            waiting.lines.append(line)
            return true
        }
        if isQueued { wake.signal() }
    }

    /// Waits until the queued lines are written, but not forever.
    func flush() {
        let flushed = DispatchSemaphore(value: 0)
        waiting.withLock { $0.flushed = flushed }
        wake.signal()
        _ = flushed.wait(timeout: .now() + Self.patience)
    }

    private func writeWaiting() {
        let taken = waiting.withLock { waiting in
            defer { waiting = Waiting() }
            return waiting
        }
        var lost = taken.lost
        for line in taken.lines where !Self.print(line) { lost += 1 }
        if lost > 0 {
            let entry = LogText.entry(
                .warning, "Lines of this log were lost", ["lines": "\(lost)"], form: form)
            // A full disk may have room again when the next lines arrive.
            if !Self.print(entry) { waiting.withLock { $0.lost += lost } }
        }
        taken.flushed?.signal()
    }

    /// Whether the line could be written.
    private static func print(_ line: String) -> Bool {
        do throws(WriteFailure) {
            try StandardStream.error.write(line + "\n")
            return true
        } catch {
            return false
        }
    }
}
