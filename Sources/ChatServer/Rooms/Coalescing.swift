internal import Chat
internal import Reactor

/// Fewer sends under load. A line costs a send for each member, and the kernel has nearly all of
/// it, whether it carries one line or a hundred. So while the reactor has no time left, a room's
/// batch is held for a moment and takes more lines: the busier the reactor, the longer, in
/// proportion to what the room's last fan-out took. A room whose fan-out is over quickly, or in
/// which lines come so seldom that the last one went out alone, is not held at all, and no room is
/// while there is time.
extension RoomStreams {
    /// Whether fan-outs are to be timed: below half of its time the reactor holds nothing.
    @inline(__always)
    static func holdsBatches(load: UInt64) -> Bool { load > LoadMeter.half }

    /// Whether a room's batch takes more lines before it is sealed.
    func isHeld(_ room: RoomID, at now: Instant) -> Bool {
        now.nanoseconds < self[room].heldUntil
    }

    /// While batches are held, the fan-out of several lines has taken so long: the next one of the
    /// room comes no sooner than it may.
    ///
    /// It is held up to twice as long as the fan-out took. With a load that needs all of the time,
    /// it settles at about two thirds.
    mutating func fannedOut(
        _ room: RoomID, from start: Instant, to end: Instant, load: UInt64, limits: Limits
    ) {
        let took = end.nanoseconds - start.nanoseconds
        let half = LoadMeter.half
        let hold = min(took * (load - half) / (half / 2), UInt64(limits.coalesce) * 1_000_000)
        self[room].heldUntil = end.nanoseconds + hold
    }

    /// No batch that is open now is held any longer.
    mutating func release() {
        for place in 0..<openBatches {
            if let room = room(ofBatch: place) { self[room].heldUntil = 0 }
        }
    }

    /// Milliseconds until the first batch that is held may be sealed; nil if none is.
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
