internal import ChatServer
internal import Glibc
internal import Logging
internal import Reactor
internal import Synchronization

/// Tells the service manager how the daemon fares. It never waits.
final class ServiceManager: Sendable {
    /// The largest number of messages that wait for room in the service manager's queue.
    private static let mostWaiting = 8

    private struct State {
        /// Messages that must arrive, in order, and didn't fit into the queue.
        var waiting: [String] = []
        var hasFailed = false
    }

    private let target: NotifyAddress
    private let notifier: Notifier
    private let log: Logger
    private let state = Mutex(State())

    /// Nil if there is no such service manager, or if it can't be reached in a way that is known.
    init?(_ target: NotifyAddress?, log: Logger) {
        guard let target else { return nil }
        do throws(SystemError) {
            guard target.address.hasPrefix("/") || target.address.hasPrefix("@") else {
                throw SystemError(errno: EAFNOSUPPORT, call: "sendto")
            }
            notifier = try Notifier(address: target.address)
        } catch {
            Self.warn(target, error, log)
            return nil
        }
        self.target = target
        self.log = log
    }

    /// What the server reports to, on its own thread.
    var supervision: Supervision {
        Supervision(interval: target.interval) { [self] event in tell(event) }
    }

    private func tell(_ event: Supervision.Event) {
        let text = Self.text(of: event, at: SystemCalls.monotonicMicroseconds())
        let failure = state.withLock { state in
            state.waiting.append(text)
            let failure = send(&state)
            // A state must arrive. A sign of life is worth nothing later.
            if case .alive = event, state.waiting.last == text { state.waiting.removeLast() }
            return failure
        }
        if let failure { Self.warn(target, failure, log) }
    }

    /// Sends what waits. Returns the first error other than a full queue.
    private func send(_ state: inout State) -> SystemError? {
        while let text = state.waiting.first {
            do throws(SystemError) {
                try notifier.send(text)
                state.waiting.removeFirst()
                state.hasFailed = false
            } catch {
                if state.waiting.count > Self.mostWaiting { state.waiting.removeFirst() }
                guard error.errno != EAGAIN, !state.hasFailed else { return nil }
                state.hasFailed = true
                return error
            }
        }
        return nil
    }

    private static func warn(_ target: NotifyAddress, _ error: SystemError, _ log: Logger) {
        log.warning(
            "NOTIFY_SOCKET: the service manager can't be told how the daemon fares",
            metadata: ["address": "\(target.address)", "error": "\(error)"])
    }

    /// The message for an event (sd_notify(3)). `now` is the monotonic time in microseconds.
    static func text(of event: Supervision.Event, at now: UInt64) -> String {
        switch event {
        case .serving: "READY=1\nSTATUS=Serving"
        case .alive(let count):
            "WATCHDOG=1\nSTATUS=\(count) connection\(count == 1 ? "" : "s")"
        case .reloading: "RELOADING=1\nMONOTONIC_USEC=\(now)\nSTATUS=Reloading"
        case .reloaded: "READY=1\nSTATUS=Serving"
        case .draining(let milliseconds):
            "STOPPING=1\nEXTEND_TIMEOUT_USEC=\((milliseconds + closing) * 1_000)\nSTATUS=Draining"
        }
    }

    /// Milliseconds that the daemon may need after the server has ended, to close the history.
    private static let closing: UInt64 = 5_000
}
