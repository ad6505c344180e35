internal import Reactor
internal import TestSupport

/// When something is due in a simulated store. Both the time and the turn must have come.
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

    /// The later of two moments, for time and turn separately.
    func notBefore(_ other: StoreMoment) -> StoreMoment {
        StoreMoment(time: max(time, other.time), turn: max(turn, other.turn))
    }
}

extension SplitMix64 {
    /// A random moment, at most this many milliseconds and turns after another one.
    mutating func moment(
        after start: StoreMoment, milliseconds: Int, turns: Int
    ) -> StoreMoment {
        let later = UInt64(number(in: 0...milliseconds)) * 1_000_000
        return StoreMoment(
            time: Instant(nanoseconds: start.time.nanoseconds + later),
            turn: start.turn + number(in: 0...turns))
    }
}
