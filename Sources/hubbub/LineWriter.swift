internal import Dispatch
internal import Logging
internal import Synchronization

/// Lines on their way to standard error, written by a thread of their own: a reader of our standard
/// error that stalls must not stall the daemon. When too many lines wait, further ones are lost,
/// and the log says how many.
final class LineWriter: Sendable {
    /// Lines that may wait: seconds of a busy log, and at most some hundred KiB.
    private static let capacity = 1_024
    /// How long the end of the process waits for the last lines.
    private static let patience = DispatchTimeInterval.seconds(1)

    private let queue = DispatchQueue(label: "log")
    private let waiting = Atomic(0)
    private let lost = Atomic(0)

    /// Queues a line, which ends without a line feed. Never blocks.
    func write(_ line: String) {
        guard waiting.wrappingAdd(1, ordering: .relaxed).newValue <= Self.capacity else {
            waiting.wrappingSubtract(1, ordering: .relaxed)
            lost.wrappingAdd(1, ordering: .relaxed)
            return
        }
        queue.async { [self] in
            SystemCalls.writeToStandardError(line + "\n")
            waiting.wrappingSubtract(1, ordering: .relaxed)
            // A line is lost only while others wait, so one of these comes after it.
            let count = lost.exchange(0, ordering: .relaxed)
            guard count > 0 else { return }
            SystemCalls.writeToStandardError(
                LogText.entry(.warning, "Lines of this log were lost", ["lines": "\(count)"]) + "\n"
            )
        }
    }

    /// Waits until the lines that were queued are written, though not for ever.
    func flush() {
        let last = DispatchWorkItem {}
        queue.async(execute: last)
        _ = last.wait(timeout: .now() + Self.patience)
    }
}
