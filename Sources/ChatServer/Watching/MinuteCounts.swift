internal import Chat
internal import Logging
internal import Reactor

/// What has happened in a minute, for the log. It comes due as long as there are connections; a
/// server without any says nothing, and may sleep.
struct MinuteCounts {
    static let period: UInt64 = 60_000

    /// The counts when the minute began.
    private var before = Metrics()
    private var began = Instant(nanoseconds: 0)
    /// When the minute is over. Never, if none runs.
    private(set) var next = CoarseTime.never

    /// A connection was opened. The first one begins a minute.
    @inline(__always)
    mutating func opened(at now: Instant) {
        if next == .never { begin(at: now) }
    }

    private mutating func begin(at now: Instant) {
        began = now
        next = CoarseTime(now).advanced(byMilliseconds: Self.period)
    }

    /// The minute is over. Returns what has happened in it.
    mutating func take(
        _ metrics: Metrics, connections: Int, at now: Instant
    ) -> Logger.Metadata {
        let busy = metrics.ticks.sum - before.ticks.sum
        let elapsed = max(now.nanoseconds - began.nanoseconds, 1)
        defer {
            before = metrics
            if connections > 0 { begin(at: now) } else { next = .never }
        }
        func count(_ number: (Metrics) -> UInt64) -> Logger.Metadata.Value {
            "\(number(metrics) - number(before))"
        }
        return [
            "connections": "\(connections)",
            "opened": count { $0.connectionsAccepted },
            "refused": count { $0.connectionsRefused },
            "closed": count { $0.connectionsClosed },
            "lines": count { $0.linesReceived },
            "deliveries": count { $0.linesDelivered },
            "refusals": count { $0.refusals.values.reduce(0, +) },
            "gaps": count { $0.gaps },
            "bytes-received": count { $0.bytesReceived },
            "bytes-sent": count { $0.bytesSent },
            "busy": "\(busy * 100 / elapsed)%",
        ]
    }
}
