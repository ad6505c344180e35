internal import Reactor
internal import TestSupport

/// When something is due in a simulated store: both its time and its turn must have come.
struct StoreMoment {
    var time: Instant
    var turn: Int

    init(time: Instant, turn: Int) {
        self.time = time
        self.turn = turn
    }

    /// Now.
    init(_ time: WorldTime) {
        self.init(time: time.now, turn: time.turn)
    }

    func isDue(at time: WorldTime) -> Bool { self.time <= time.now && turn <= time.turn }

    /// This moment, or as much later as the other one is.
    func notBefore(_ other: StoreMoment) -> StoreMoment {
        StoreMoment(time: max(time, other.time), turn: max(turn, other.turn))
    }
}

extension SplitMix64 {
    /// A moment that is at most so many milliseconds and turns later than another one.
    mutating func moment(
        after start: StoreMoment, milliseconds: Int, turns: Int
    ) -> StoreMoment {
        let later = UInt64(number(in: 0...milliseconds)) * 1_000_000
        return StoreMoment(
            time: Instant(nanoseconds: start.time.nanoseconds + later),
            turn: start.turn + number(in: 0...turns))
    }
}
