internal import Chat
internal import Reactor

extension FanOut {
    /// Hands a sealed batch to the members at the head whose event streams have several rooms. The
    /// ids of its events are written for each of them.
    @inline(never)
    static func deliverPlaced(
        _ batch: SealedBatch, in room: RoomID, hub: inout Hub, streams: inout RoomStreams,
        connections: inout Connections, outbox: inout Outbox, at now: CoarseTime
    ) {
        let high = UInt32(clamping: connections.limits.highWatermark)
        guard let epoch = hub.room(room).epoch else { return }
        let (seats, count) = (hub.seats(of: room), hub.headCount(of: room))
        for seat in seats[..<count] {
            let index = seat.member.index
            guard connections[index].encoding == .placedEvents else { continue }
            guard connections[index].outbound.lineBytes <= high else {
                hub.fellBehind(seat.membership, cursor: batch.firstSeq - 1)
                continue
            }
            let others = StreamPlaces.others(
                besides: room, of: index, hub, streams, connections)
            let events = streams.events(
                of: batch, from: batch.firstSeq, in: room, named: hub.name(of: room), epoch,
                others: others, outbox.pool)
            let chunk = outbox.pool.make(events.text, lines: events.lines)
            outbox.enqueue(chunk, for: index, lane: .lines, in: &connections, at: now)
            outbox.pool.release(chunk)
        }
    }
}
