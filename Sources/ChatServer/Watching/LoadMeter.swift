/// Measures how busy the reactor was recently: its share of the last 0.1 seconds or so in which it
/// did not wait.
struct LoadMeter {
    /// Nanoseconds after which older values count half.
    private static let window: UInt64 = 50_000_000

    /// A load of one half, in the unit of ``load``.
    static let half: UInt64 = 512

    private var busy: UInt64 = 0
    private var total: UInt64 = 0

    /// The busy share of recent time, in 1/1024.
    var load: UInt64 { total == 0 ? 0 : busy * 1_024 / total }

    /// A wait of `idle` nanoseconds was followed by a tick of `busy`.
    mutating func record(idle: UInt64, busy: UInt64) {
        // After a long wait, older values don't count.
        guard idle < Self.window * 4 else {
            (self.busy, total) = (0, 0)
            return
        }
        self.busy += busy
        total += busy + idle
        while total > Self.window * 2 {
            self.busy /= 2
            total /= 2
        }
    }
}
