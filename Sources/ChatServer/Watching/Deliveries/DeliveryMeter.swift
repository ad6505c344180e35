internal import Chat
internal import Reactor

/// Measures how long lines take from their arrival to their last `send`: from the start of the tick
/// that read a line to the end of the one that handed it to all members at the head of its room.
///
/// It works once for each batch of a room and once for each tick, never for a single line or
/// delivery.
struct DeliveryMeter {
    private(set) var histogram = DurationHistogram()
    /// When lines arrived that are on their way to the store.
    private var arrivals = LineArrivals()
    /// Lines that have their numbers, but weren't handed out yet, the first ones first.
    private var numbered: [(lines: Int, at: Instant)] = []
    /// Lines of the batches that were sealed in this tick.
    private var sealed = 0
    /// Lines that rooms hold back since an earlier tick.
    private var held = 0

    /// Whether this tick has handed out lines, or could have.
    @inline(__always)
    var isPending: Bool { sealed > 0 || !numbered.isEmpty }

    /// A batch of a room was sealed, and is sent with this tick.
    @inline(__always)
    mutating func sealed(_ batch: SealedBatch) {
        sealed += Int(batch.lastSeq - batch.firstSeq) + 1
    }

    /// All lines with a number below `end` were given to the store, the last ones in the tick that
    /// began then.
    @inline(__always)
    mutating func submitted(below end: UInt64, at began: Instant) {
        arrivals.submitted(below: end, at: began)
    }

    /// The store has answered the lines up to this number.
    mutating func answered(through last: UInt64, areStored: Bool) {
        arrivals.take(through: last) { lines, time in
            if areStored { numbered.append((lines, time)) }
        }
    }

    /// The tick is over. `held` lines wait in batches for a later one.
    ///
    /// - Parameter isInPlace: lines get their numbers in the tick that they arrive in.
    mutating func tickEnded(
        _ began: Instant, _ ended: Instant, held: Int, isInPlace: Bool
    ) {
        let arrived = isInPlace ? sealed + held - self.held : 0
        (sealed, self.held) = (0, held)
        if numbered.isEmpty, held == 0 {
            if arrived > 0 { record(arrived, from: began, to: ended) }
            return
        }
        if arrived > 0 { numbered.append((arrived, began)) }
        handOut(to: ended)
    }

    /// All lines are handed out except the last ones, which are held.
    private mutating func handOut(to ended: Instant) {
        guard held > 0 else {
            for place in numbered.indices {
                record(numbered[place].lines, from: numbered[place].at, to: ended)
            }
            return numbered.removeAll(keepingCapacity: true)
        }
        var left = numbered.reduce(0) { $0 + $1.lines } - held
        var place = 0
        while left > 0, place < numbered.count {
            let lines = min(numbered[place].lines, left)
            record(lines, from: numbered[place].at, to: ended)
            numbered[place].lines -= lines
            left -= lines
            if numbered[place].lines == 0 { place += 1 }
        }
        numbered.removeFirst(place)
    }

    private mutating func record(_ lines: Int, from start: Instant, to end: Instant) {
        let took = end.nanoseconds - min(start.nanoseconds, end.nanoseconds)
        histogram.record(nanoseconds: took, times: UInt64(lines))
    }
}
