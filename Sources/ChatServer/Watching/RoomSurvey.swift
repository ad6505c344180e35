internal import Chat
internal import Reactor

/// Surveys the rooms if somebody asks for it: which ones have the most members and lines, and how
/// far members are behind.
///
/// Nothing is counted for it where lines go. A survey looks at so many rooms that it takes well
/// under a millisecond, and once a second at most. With more rooms than that, a round takes several
/// surveys, and the last complete round is what they tell.
struct RoomSurvey {
    /// Rooms that one survey looks at.
    static let roomsAtOnce = 8_192
    /// Members behind that one round looks at.
    static let laggardsAtOnce = 1_024
    /// Rooms and laggards of a list.
    static let listed = 50
    /// Nanoseconds between two surveys.
    private static let pause: UInt64 = 1_000_000_000

    /// The last complete round.
    private(set) var figures = RoomFigures()
    private var round = RoomFigures()
    /// Members behind that this round has looked at.
    private var laggards = 0
    /// The number of the next room to look at.
    private var place = 0
    private var next = Instant(nanoseconds: 0)

    /// Somebody wants to know. Looks at the rooms, if the last survey is a second ago.
    mutating func look(
        _ hub: borrowing Hub, _ streams: inout RoomStreams, at now: Instant
    ) {
        guard next <= now else { return }
        next = Instant(nanoseconds: now.nanoseconds + Self.pause)
        let end = min(place + Self.roomsAtOnce, hub.rooms.count)
        while place < end {
            if hub.rooms[place] != nil {
                look(RoomID(rawValue: UInt32(place)), hub, &streams, at: now)
            }
            place += 1
        }
        guard place >= hub.rooms.count else { return }
        (figures, round, place, laggards) = (round, RoomFigures(), 0, 0)
    }

    private mutating func look(
        _ id: RoomID, _ hub: borrowing Hub, _ streams: inout RoomStreams, at now: Instant
    ) {
        let (members, atHead) = (hub.memberCount(of: id), hub.headCount(of: id))
        let last = hub.lastSeq(of: id)
        let pace = hub.isOpen(id) ? streams[id].pace(last: last, at: now) : 0
        round.add(
            RoomFigure(
                name: hub.name(of: id), members: hub.totalCount(of: id), behind: members - atHead,
                linesPerSecond: pace))
        guard atHead < members, laggards < Self.laggardsAtOnce else { return }
        // Members behind have the last seats.
        for seat in hub.seats(of: id)[atHead...].prefix(Self.laggardsAtOnce - laggards) {
            laggards += 1
            let cursor = hub.membership(seat.membership).cursor
            round.add(
                LaggardFigure(
                    connection: seat.member.index, room: hub.name(of: id),
                    lines: last - min(last, cursor)))
        }
    }
}
