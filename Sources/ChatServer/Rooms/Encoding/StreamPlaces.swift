internal import Chat

/// The places of members with event streams, for the ids of their events. A stream of several rooms
/// names its place in each of them.
enum StreamPlaces {
    /// The id of an event after which a member has a room's lines up to `seq` and its changes up to
    /// `rev`. Nil if its client has no event stream.
    static func id(
        _ seq: UInt64, _ rev: UInt64, in room: RoomID, for index: Int, _ hub: borrowing Hub,
        _ streams: borrowing RoomStreams, _ connections: borrowing Connections
    ) -> [UInt8]? {
        guard connections[index].isEventStream, let epoch = hub.room(room).epoch else {
            return nil
        }
        var id: [UInt8] = []
        StreamPlace(room: hub.name(of: room), epoch: epoch, seq: seq, rev: rev).append(to: &id)
        return id + others(besides: room, of: index, hub, streams, connections)
    }

    /// The places of a member in its other rooms, each after a comma. Those of rooms that it has
    /// yet to enter are the ones that it came with.
    static func others(
        besides room: RoomID, of index: Int, _ hub: borrowing Hub,
        _ streams: borrowing RoomStreams, _ connections: borrowing Connections
    ) -> [UInt8] {
        guard connections[index].encoding == .placedEvents else { return [] }
        var others: [UInt8] = []
        for id in hub.memberships(of: MemberID(index: index)) where hub.room(of: id) != room {
            guard let place = place(of: id, hub, streams) else { continue }
            others.append(UInt8(ascii: ","))
            place.append(to: &others)
        }
        if case .stream(let opening)? = connections[index].waiting {
            for place in opening.places {
                others.append(UInt8(ascii: ","))
                place.append(to: &others)
            }
        }
        return others
    }

    /// How far the bytes that are queued for a member go in one of its rooms.
    private static func place(
        of id: MembershipID, _ hub: borrowing Hub, _ streams: borrowing RoomStreams
    ) -> StreamPlace? {
        let room = hub.room(of: id)
        let found = hub.room(room)
        guard let epoch = found.epoch else { return nil }
        let (seq, rev): (UInt64, UInt64)
        if hub.isBehind(id) {
            let membership = hub.membership(id)
            (seq, rev) = (membership.cursor, membership.rev)
        } else {
            (seq, rev) = (streams.sealedSeq(of: room, last: found.lastSeq), found.lastRev)
        }
        return StreamPlace(room: hub.name(of: room), epoch: epoch, seq: seq, rev: rev)
    }
}
