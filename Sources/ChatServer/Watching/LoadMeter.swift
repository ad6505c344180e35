/// How busy the reactor was of late: the part of the last tenth of a second or so in which it did
/// not wait.
struct LoadMeter {
    /// Nanoseconds after which what was counts for half.
    private static let window: UInt64 = 50_000_000

    /// Half of the time, as ``load`` has it.
    static let half: UInt64 = 512

    private var busy: UInt64 = 0
    private var total: UInt64 = 0

    /// Busy share of recent time, in 1/1024.
    var load: UInt64 { total == 0 ? 0 : busy * 1_024 / total }

    /// A wait of `idle` nanoseconds was followed by a tick of `busy`.
    mutating func record(idle: UInt64, busy: UInt64) {
        // After a pause nothing of what was before counts.
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
