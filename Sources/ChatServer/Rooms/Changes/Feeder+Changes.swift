internal import Chat
internal import Reactor

/// Changes for members that are behind, each in its place between the lines.
extension Feeder {
    /// Gives a member the next change that comes before its next line. Returns whether there was
    /// one. Of changes that aren't kept any more, the member gets to know that it misses them.
    func tellChange(
        _ index: Int, _ id: MembershipID, _ hub: inout Hub,
        _ streams: borrowing RoomStreams, _ connections: inout Connections,
        _ outbox: inout Outbox, _ now: CoarseTime
    ) -> Bool {
        let membership = hub.membership(id)
        let name = hub.name(of: membership.room)
        let changes = streams[membership.room].changes
        guard membership.rev >= changes.keptRev else {
            let rev = changes.keptRev
            hub.told(id, change: rev)
            let place = StreamPlaces.id(
                membership.cursor, rev, in: membership.room, for: index, hub, streams, connections)
            outbox.enqueueEvent(for: index, lane: .lines, in: &connections, at: now) {
                EventWriter.gap(room: name, rev: rev, into: &$0)
            }
            let settings = hub.settings(of: membership.room)
            outbox.enqueueEvent(for: index, lane: .lines, in: &connections, at: now, id: place) {
                EventWriter.room(name, rev: rev, settings, into: &$0)
            }
            return true
        }
        guard let next = changes.next(after: membership.rev, upTo: membership.cursor) else {
            return false
        }
        hub.told(id, change: next.rev)
        let place = StreamPlaces.id(
            membership.cursor, next.rev, in: membership.room, for: index, hub, streams,
            connections)
        for (number, event) in next.events.enumerated() {
            // A reader has the change when it has its last event.
            let isLast = number == next.events.count - 1
            outbox.enqueueEvent(
                for: index, lane: .lines, in: &connections, at: now, id: isLast ? place : nil
            ) { $0 += event }
        }
        return true
    }
}
