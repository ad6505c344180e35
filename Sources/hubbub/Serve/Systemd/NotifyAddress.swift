/// Where a service manager wants to be told how the daemon fares, and how often
/// (sd_notify(3), sd_watchdog_enabled(3)).
struct NotifyAddress: Equatable {
    /// The path of a socket, or an abstract name after `@`.
    let address: String
    /// Microseconds within which the daemon must say that it is alive. Nil if it need not.
    let watchdog: UInt64?

    private static let variables = ["NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"]

    /// Takes the address from the environment, and forgets its variables. Nil if nobody wants to
    /// know. The process must not have a second thread yet.
    static func take() -> NotifyAddress? {
        defer { for variable in variables { SystemCalls.forget(variable) } }
        return NotifyAddress(
            environment: SystemCalls.environment, processID: SystemCalls.processID())
    }

    init?(environment: (String) -> String?, processID: Int32) {
        guard let address = environment("NOTIFY_SOCKET"), !address.isEmpty else { return nil }
        self.address = address
        let process = environment("WATCHDOG_PID") ?? "\(processID)"
        let isForUs = Int32(process) == processID
        watchdog = environment("WATCHDOG_USEC").flatMap { UInt64($0) }
            .flatMap { isForUs && $0 > 0 ? $0 : nil }
    }

    /// Milliseconds between two reports: half of what the watchdog allows, as
    /// sd_watchdog_enabled(3) advises.
    var interval: UInt64 {
        min(watchdog.map { max($0 / 2_000, 1) } ?? .max, Self.statusInterval)
    }

    /// How old the status may be that the service manager shows.
    private static let statusInterval: UInt64 = 30_000
}
