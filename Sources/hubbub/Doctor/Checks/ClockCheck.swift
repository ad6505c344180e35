internal import Chat

/// Checks the clock, by which lines get their times and age.
enum ClockCheck {
    /// The start of 2026: this program is newer.
    private static let earliest = Timestamp(milliseconds: 1_767_225_600_000)
    /// The start of 2100.
    private static let latest = Timestamp(milliseconds: 4_102_444_800_000)
    /// Milliseconds that it may be behind the newest line. A line is stored right after it gets its
    /// time, but the clock may be put right by a little.
    private static let patience: Int64 = 60_000

    /// - Parameter newest: the time of the newest line. Nil if there is none.
    static func all(of clock: ClockFacts, newest: Timestamp?) -> [HostCheck] {
        let remedy = "run a program that does, such as chrony or systemd-timesyncd"
        let kept =
            switch clock.isSynchronized {
            case true: HostCheck("clock is kept right", "yes")
            case false: HostCheck("clock is kept right", "no", .doubtful, remedy)
            case nil: HostCheck("clock is kept right", "can't be read here")
            }
        return [kept, time(clock.now, newest: newest)]
    }

    private static func time(_ now: Timestamp, newest: Timestamp?) -> HostCheck {
        let name = "time of the clock"
        guard earliest...latest ~= now else {
            return HostCheck(
                name, now.text, .unfit, "set the clock: lines get these times, and age by them")
        }
        guard let newest, newest.milliseconds > now.milliseconds + patience else {
            return HostCheck(name, now.text)
        }
        return HostCheck(
            name, "\(now.text), and the newest line is of \(newest.text)", .unfit,
            "set the clock if it is behind; if it was ahead, these lines stay longer than they "
                + "should")
    }
}
