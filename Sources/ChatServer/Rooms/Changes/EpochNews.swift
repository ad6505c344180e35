internal import Chat
internal import Reactor

/// A new epoch of a room, for its members. Clients of the rich dialect are told in order with their
/// lines where they go on, and event streams of a gap. Clients of the plain dialect can't be told:
/// they leave, and come back.
enum EpochNews {
    /// The numbers of a room have another meaning from now on. The hub knows where each member goes
    /// on. Returns how many readers were told of a gap.
    ///
    /// - Parameter losesChanges: the changes that the members know may be others now.
    static func tell(
        _ room: RoomID, losesChanges: Bool, _ hub: borrowing Hub, _ streams: borrowing RoomStreams,
        _ connections: inout Connections, _ outbox: inout Outbox, at now: CoarseTime
    ) -> Int {
        let found = hub.room(room)
        guard let epoch = found.epoch else { preconditionFailure("a followed room is open") }
        let name = hub.name(of: room)
        let settings = losesChanges ? settings(of: room, hub, &outbox) : .none
        var (shared, sharedSeq, gaps) = (ChunkID.none, UInt64(0), 0)
        for seat in found.seats {
            let index = seat.member.index
            guard connections[index].isRich else {
                connections.depart(index)
                continue
            }
            let isBehind = hub.isBehind(seat.membership)
            let seq = isBehind ? hub.membership(seat.membership).cursor : found.lastSeq
            if connections[index].isEventStream {
                tell(
                    index, room, seat.membership, seq, losesChanges: losesChanges, hub, streams,
                    &connections, &outbox, at: now)
                gaps += 1
                continue
            }
            // Nearly all go on at the same line.
            if shared == .none || sharedSeq != seq {
                if shared != .none { outbox.pool.release(shared) }
                shared = outbox.frameEvent {
                    EventWriter.epoch(room: name, epoch: epoch, seq: seq, into: &$0)
                }
                sharedSeq = seq
            }
            enqueue(shared, for: index, &connections, &outbox, at: now)
            if settings != .none, hub.takesChanges(seat.membership) {
                enqueue(settings, for: index, &connections, &outbox, at: now)
                gaps += 1
            }
        }
        if shared != .none { outbox.pool.release(shared) }
        if settings != .none { outbox.pool.release(settings) }
        return gaps
    }

    /// The events of a member that misses changes, in one chunk of two frames.
    private static func settings(
        of room: RoomID, _ hub: borrowing Hub, _ outbox: inout Outbox
    ) -> ChunkID {
        let (name, rev, settings) = (
            hub.name(of: room), hub.lastRev(of: room), hub.settings(of: room)
        )
        let frames = [
            outbox.frameEvent { EventWriter.gap(room: name, rev: rev, into: &$0) },
            outbox.frameEvent { EventWriter.room(name, rev: rev, settings, into: &$0) },
        ]
        var bytes: [UInt8] = []
        for frame in frames {
            bytes += outbox.pool.bytes(of: frame)
            outbox.pool.release(frame)
        }
        return outbox.pool.make(bytes, lines: 0)
    }

    /// Nothing may come between the pieces of an answer.
    private static func enqueue(
        _ chunk: ChunkID, for index: Int, _ connections: inout Connections,
        _ outbox: inout Outbox, at now: CoarseTime
    ) {
        guard connections[index].isAnswering else {
            return outbox.enqueue(chunk, for: index, lane: .lines, in: &connections, at: now)
        }
        _ = connections.keepReply(index, outbox.pool.bytes(of: chunk))
    }

    /// Tells the reader of an event stream. The last event has the id of the place where the reader
    /// goes on.
    private static func tell(
        _ index: Int, _ room: RoomID, _ id: MembershipID, _ seq: UInt64, losesChanges: Bool,
        _ hub: borrowing Hub, _ streams: borrowing RoomStreams, _ connections: inout Connections,
        _ outbox: inout Outbox, at now: CoarseTime
    ) {
        guard let epoch = hub.room(room).epoch else { return }
        let (name, last) = (hub.name(of: room), hub.lastRev(of: room))
        let rev = hub.isBehind(id) ? hub.membership(id).rev : last
        let place = StreamPlaces.id(seq, rev, in: room, for: index, hub, streams, connections)
        outbox.enqueueEvent(
            for: index, lane: .lines, in: &connections, at: now, id: losesChanges ? nil : place
        ) { EventWriter.gap(room: name, epoch: epoch, seq: seq, into: &$0) }
        guard losesChanges else { return }
        let settings = hub.settings(of: room)
        outbox.enqueueEvent(for: index, lane: .lines, in: &connections, at: now) {
            EventWriter.gap(room: name, rev: last, into: &$0)
        }
        outbox.enqueueEvent(for: index, lane: .lines, in: &connections, at: now, id: place) {
            EventWriter.room(name, rev: last, settings, into: &$0)
        }
    }
}
