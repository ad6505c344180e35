internal import Chat
internal import Reactor

/// Fewer sends under load. A line costs one send for each member, and nearly all of that is the
/// kernel's work, whether the send carries one line or a hundred. So while the reactor has no spare
/// time, a room's batch is held for a moment and takes more lines. The busier the reactor, the
/// longer the hold, in proportion to the duration of the room's last fan-out. A room isn't held if
/// its fan-out is quick, or if its last line went out alone, and no room is held while the reactor
/// has time.
extension RoomStreams {
    /// Whether fan-outs are timed. A reactor that is busy less than half of the time holds nothing.
    @inline(__always)
    static func holdsBatches(load: UInt64) -> Bool { load > LoadMeter.half }

    /// Whether a room's batch takes more lines before it is sealed.
    @inline(__always)
    func isHeld(_ room: RoomID, at now: Instant) -> Bool {
        now.nanoseconds < self[room].heldUntil
    }

    /// The fan-out of several lines has taken this long, while batches are held. Sets the earliest
    /// time of the room's next one.
    ///
    /// The batch is held up to twice as long as the fan-out took. With a load that needs all of the
    /// time, the share settles at about two thirds.
    mutating func fannedOut(
        _ room: RoomID, from start: Instant, to end: Instant, load: UInt64, limits: Limits
    ) {
        let took = end.nanoseconds - start.nanoseconds
        let half = LoadMeter.half
        let hold = min(took * (load - half) / (half / 2), UInt64(limits.coalesce) * 1_000_000)
        self[room].heldUntil = end.nanoseconds + hold
    }

    /// Ends the hold of all open batches.
    mutating func release() {
        for place in 0..<openBatches {
            if let room = room(ofBatch: place) { self[room].heldUntil = 0 }
        }
    }

    /// Lines of all batches that are held.
    @inline(__always)
    var linesHeld: Int {
        var lines = 0
        for place in 0..<openBatches where room(ofBatch: place) != nil {
            lines += self.lines(ofBatch: place)
        }
        return lines
    }

    /// Milliseconds until the first held batch may be sealed. Nil if none is held.
    @inline(__always)
    func millisecondsHeld(at now: Instant) -> Int32? {
        var first: UInt64?
        for place in 0..<openBatches {
            guard let room = room(ofBatch: place) else { continue }
            let until = self[room].heldUntil
            first = min(first ?? until, until)
        }
        guard let first else { return nil }
        let left = first - min(first, now.nanoseconds)
        return Int32(clamping: (left + 999_999) / 1_000_000)
    }
}
