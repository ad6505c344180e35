internal import Chat
internal import Reactor
internal import WebSocket

/// Who is there, told to clients of the rich dialect: merged to at most one event a second and
/// room, encoded once, and to those alone who don't know it yet. So a crowd that comes at once
/// costs each member a line a second, not a line a head.
extension Server where Net: ~Copyable {
    /// A room's members may have changed.
    @inline(__always)
    mutating func noticePresence(of room: RoomID) {
        guard !roomLogs[room.index].hasNews, hub.hasNews(room) else { return }
        if newsRooms.isEmpty {
            newsAgain = coarseNow.advanced(byMilliseconds: CoarseTime.step)
        }
        roomLogs[room.index].hasNews = true
        newsRooms.append(room)
    }

    /// Tells what is due, of a bounded number of rooms.
    mutating func tellPresence() {
        let rooms = newsRooms
        newsRooms.removeAll(keepingCapacity: true)
        for (place, room) in rooms.enumerated() {
            guard place < Limits.newsAtOnce else {
                // The others come with the next tick.
                newsRooms.append(contentsOf: rooms[place...])
                return
            }
            if !tellPresence(of: room) { newsRooms.append(room) }
        }
        newsAgain = coarseNow.advanced(byMilliseconds: CoarseTime.step)
    }

    /// Whether nothing of this room is left to be told.
    private mutating func tellPresence(of room: RoomID) -> Bool {
        guard hub.rooms[room.index] != nil, hub.hasNews(room) else {
            roomLogs[room.index].hasNews = false
            return true
        }
        guard hub.toldAt(room) + Hub.presencePeriod <= now.milliseconds else { return false }
        roomLogs[room.index].hasNews = false
        let before = hub.toldChanges(of: room)
        guard let presence = hub.takePresence(of: room, at: now.milliseconds) else {
            tellNewcomers(of: room, since: before)
            return true
        }
        let frame = presenceFrame(room, presence)
        let (seats, count) = (hub.seats(of: room), hub.headCount(of: room))
        for seat in seats[..<count] { tell(frame, to: seat) }
        pool.release(frame)
        return true
    }

    /// Changes have come to nothing, but for those who came in their middle.
    private mutating func tellNewcomers(of room: RoomID, since before: UInt32) {
        let (seats, count) = (hub.seats(of: room), hub.headCount(of: room))
        for seat in seats[..<count] where hub.cameAmidChanges(seat.membership, since: before) {
            let frame = presenceFrame(room, Presence(count: seats.count))
            tell(frame, to: seat)
            pool.release(frame)
        }
    }

    private mutating func tell(_ frame: ChunkID, to seat: Seat) {
        let index = seat.member.index
        guard connections[index].flags.contains(.rich) else { return }
        guard Int(connections[index].outbound.lineBytes) <= limits.highWatermark else {
            // It is told how things are when it has caught up.
            let id = hub.room(of: seat.membership)
            hub.fellBehind(seat.membership, cursor: sealedSeq(of: id))
            connections[index].flags.insert(.behind)
            return
        }
        guard hub.toldPresence(seat.membership) else { return }
        enqueue(index, frame, lane: .lines)
    }

    /// A member that was behind takes lines as they come again: if it was not told of others
    /// meanwhile, it is told how many there are now. Names of who came and went would need their
    /// order; it may ask for those who are there.
    mutating func reachedHead(_ index: Int, _ membership: MembershipID) {
        guard connections[index].flags.contains(.rich), hub.toldPresence(membership) else {
            return
        }
        let room = hub.room(of: membership)
        let count = hub.memberCount(of: room)
        let frame = presenceFrame(room, Presence(count: count))
        enqueue(index, frame, lane: .lines)
        pool.release(frame)
    }

    /// The event in a frame; the caller has its reference.
    private mutating func presenceFrame(_ room: RoomID, _ presence: Presence) -> ChunkID {
        let name = hub.name(of: room)
        return frameEvent { event in
            EventWriter.presence(
                room: name, count: presence.count, joined: presence.joined, left: presence.left,
                into: &event)
        }
    }
}
