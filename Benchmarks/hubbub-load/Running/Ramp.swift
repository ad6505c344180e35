internal import Reactor

/// The times to open connections: at a rate that rises evenly from 0 and then stays constant.
struct Ramp {
    let start: Instant
    /// Connections a second. 0: all at once.
    let rate: Double
    /// Seconds until the rate is reached.
    let seconds: Double

    /// When connection `number`, counted from 0, is due.
    func due(_ number: Int) -> Instant {
        guard rate > 0 else { return start }
        let number = Double(number)
        let rising = rate * seconds / 2
        let after =
            number < rising
            ? (2 * seconds * number / rate).squareRoot()
            : seconds + (number - rising) / rate
        return Instant(nanoseconds: start.nanoseconds + UInt64(after * 1e9))
    }
}
