internal import Dispatch

/// Reasons that were written into the log. Each is written again after a minute at the earliest,
/// because clients could fill the log otherwise.
struct Complaints {
    private static let interval = DispatchTimeInterval.seconds(60)
    /// Reasons that are remembered. Those above share the time of the last one.
    private static let limit = 16

    private var times: [String: DispatchTime] = [:]

    /// Calls `write` if the reason is to be written.
    mutating func report(_ reason: String, _ write: (String) -> Void) {
        let now = DispatchTime.now()
        let key = times[reason] != nil || times.count < Self.limit ? reason : ""
        if let next = times[key], now < next { return }
        times[key] = now + Self.interval
        write(reason)
    }
}
