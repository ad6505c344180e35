internal import Chat
internal import Reactor

/// Lines for event streams that are behind.
extension Feeder {
    /// Queues the events of a batch from line `seq` on.
    func enqueueEvents(
        of batch: SealedBatch, from seq: UInt64, in room: RoomID, for index: Int,
        _ hub: borrowing Hub, _ streams: borrowing RoomStreams,
        _ connections: inout Connections, _ outbox: inout Outbox, _ now: CoarseTime
    ) {
        let shared = batch.chunks[connections[index].encoding, marked: true]
        if shared != .none, batch.firstSeq >= seq {
            // All its lines may have been deleted.
            guard outbox.pool.length(shared) > 0 else { return }
            return outbox.enqueue(shared, for: index, lane: .lines, in: &connections, at: now)
        }
        guard let epoch = hub.room(room).epoch else { return }
        let others = StreamPlaces.others(besides: room, of: index, hub, streams, connections)
        let events = streams.events(
            of: batch, from: seq, in: room, named: hub.name(of: room), epoch, others: others,
            outbox.pool)
        guard !events.text.isEmpty else { return }
        let chunk = outbox.pool.make(events.text, lines: events.lines)
        outbox.enqueue(chunk, for: index, lane: .lines, in: &connections, at: now)
        outbox.pool.release(chunk)
    }
}
