internal import Chat
internal import Reactor

/// Fewer sends under load. A line costs a send for each member, and the kernel has nearly all of
/// it, whether it carries one line or a hundred. So while the reactor has no time left, a room's
/// batch is held for a moment and takes more lines: the busier the reactor, the longer, in
/// proportion to what the room's last fan-out took. A room whose fan-out is over quickly, or in
/// which lines come so seldom that the last one went out alone, is not held at all, and no room is
/// while there is time.
extension Server where Net: ~Copyable {
    /// Whether a room's batch takes more lines before it is sealed.
    func isHeld(_ room: RoomID) -> Bool {
        now.nanoseconds < roomLogs[room.index].heldUntil
    }

    /// Below half of its time the reactor holds nothing.
    @inline(__always)
    var holdsBatches: Bool { loadMeter.load > LoadMeter.half }

    /// While batches are held, the fan-out of several lines has taken so long: the next one of the
    /// room comes no sooner than it may.
    ///
    /// It is held up to twice as long as the fan-out took. With a load that needs all of the time,
    /// it settles at about two thirds.
    mutating func fannedOut(_ room: RoomID, from start: Instant, to end: Instant) {
        let took = end.nanoseconds - start.nanoseconds
        let half = LoadMeter.half
        let hold = min(
            took * (loadMeter.load - half) / (half / 2), UInt64(limits.coalesce) * 1_000_000)
        roomLogs[room.index].heldUntil = end.nanoseconds + hold
    }

    /// Seals the batches that are not held, at the end of the tick. Members for whom nothing else
    /// waits get theirs at once: what would be queued in their rings now would be all that the
    /// flush finds there.
    mutating func sealBatches() {
        var held = 0
        for place in 0..<openBatches {
            let room = batches[place].room
            // Not one that was sealed in the middle of the tick.
            guard roomLogs[room.index].batch == Int32(place) else { continue }
            guard isHeld(room) else {
                sealBatch(of: room, sendsNow: true)
                continue
            }
            batches.swapAt(held, place)
            roomLogs[room.index].batch = Int32(held)
            held += 1
        }
        openBatches = held
    }

    /// Seals all batches: nobody may wait any longer.
    mutating func sealHeldBatches() {
        for place in 0..<openBatches { roomLogs[batches[place].room.index].heldUntil = 0 }
        sealBatches()
    }

    /// Milliseconds until the first batch that is held may be sealed; nil where none is.
    // Inlined, because a call that changes nothing is given a copy of the server.
    @inline(__always)
    func millisecondsHeld() -> Int32? {
        var first: UInt64?
        for place in 0..<openBatches {
            let until = roomLogs[batches[place].room.index].heldUntil
            first = min(first ?? until, until)
        }
        guard let first else { return nil }
        let left = first - min(first, now.nanoseconds)
        return Int32(clamping: (left + 999_999) / 1_000_000)
    }

    /// The last line of a room that is in its log: those behind it are in a batch that is held.
    func sealedSeq(of room: RoomID) -> UInt64 {
        guard let batch = roomLogs[room.index].batch else { return hub.lastSeq(of: room) }
        return batches[Int(batch)].firstSeq - 1
    }
}
