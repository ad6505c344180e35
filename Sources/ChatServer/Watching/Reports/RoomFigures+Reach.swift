internal import Chat

extension RoomFigures {
    /// Rooms that are looked through for somebody who may not see all of them.
    static let lookedThrough = 4_096

    /// The rooms that somebody may see who doesn't see all, with their pace at the last survey.
    /// Those that its rights name are always found, and so are the largest and the busiest ones.
    init(
        _ reach: Reach, of all: RoomFigures, _ hub: borrowing Hub, _ streams: borrowing RoomStreams
    ) {
        self.init()
        var seen: Set<RoomName> = []
        let named = reach.named + (all.largest + all.busiest).map(\.name)
        for name in named where reach.includes(name) && seen.insert(name).inserted {
            guard let room = hub.room(named: name) else { continue }
            add(Self.figure(of: room, hub, streams))
        }
        for place in 0..<min(hub.rooms.count, Self.lookedThrough) where hub.rooms[place] != nil {
            let room = RoomID(rawValue: UInt32(place))
            let name = hub.name(of: room)
            guard reach.includes(name), !seen.contains(name) else { continue }
            add(Self.figure(of: room, hub, streams))
        }
    }

    private static func figure(
        of room: RoomID, _ hub: borrowing Hub, _ streams: borrowing RoomStreams
    ) -> RoomFigure {
        let members = hub.memberCount(of: room)
        return RoomFigure(
            name: hub.name(of: room), members: hub.totalCount(of: room),
            behind: members - hub.headCount(of: room),
            linesPerSecond: hub.isOpen(room) ? Double(streams[room].lastPace) : 0)
    }
}
