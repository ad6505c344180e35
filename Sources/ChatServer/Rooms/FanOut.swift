internal import Chat
internal import Reactor

/// Hands a sealed batch to each member at the head of its room: one call, or one ring entry, for
/// any number of lines. A member whose ring is full falls behind, and is fed at its own pace.
enum FanOut {
    /// - Parameters:
    ///   - sendsNow: members without waiting bytes get the batch at once, because the flush would
    ///     find nothing else in their rings.
    ///   - hasStreams: some members have event streams.
    ///   - isOnly: no other room has a batch in this tick. A member of several rooms gets all
    ///     batches in one call, so it waits for the flush if there are others.
    @inline(__always)
    static func deliver<Net: Network & ~Copyable>(
        _ batch: SealedBatch, in room: RoomID, hasStreams: Bool, sendsNow: Bool, isOnly: Bool,
        hub: inout Hub, connections: inout Connections, outbox: inout Outbox,
        over network: inout Net, at now: CoarseTime
    ) {
        let high = UInt32(clamping: connections.limits.highWatermark)
        // Copy the seats, because a member that falls behind swaps its seat.
        let (seats, count) = (hub.seats(of: room), hub.headCount(of: room))
        for seat in seats[..<count] {
            let index = seat.member.index
            let chunk: ChunkID
            if hasStreams, connections[index].encoding == .events {
                chunk = batch.chunks.events
            } else if hasStreams {
                chunk = batch.chunks[connections[index].encoding]
                // It is encoded for each of those members (``deliverPlaced``).
                guard chunk != .none else { continue }
            } else {
                chunk =
                    connections[index].takesDeflated ? batch.chunks.deflated : batch.chunks.plain
            }
            if sendsNow, connections[index].isIdle, isOnly || !connections[index].isRich {
                outbox.load(chunk)
                outbox.sendNow(to: index, in: &connections, over: &network, at: now)
            } else if connections[index].outbound.lineBytes > high {
                hub.fellBehind(seat.membership, cursor: batch.firstSeq - 1)
            } else {
                outbox.enqueue(chunk, for: index, lane: .lines, in: &connections, at: now)
            }
        }
        outbox.unload()
    }
}
