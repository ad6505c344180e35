internal import Chat
internal import Reactor

/// Changes for members that are behind, each in its place between the lines.
extension Feeder {
    /// Gives a member the next change that comes before its next line. Returns whether there was
    /// one. Of changes that aren't kept any more, the member gets to know that it misses them.
    func tellChange(
        _ index: Int, _ id: MembershipID, _ name: RoomName, _ hub: inout Hub,
        _ streams: borrowing RoomStreams, _ connections: inout Connections,
        _ outbox: inout Outbox, _ now: CoarseTime
    ) -> Bool {
        let membership = hub.membership(id)
        let changes = streams[membership.room].changes
        guard membership.rev >= changes.keptRev else {
            let rev = changes.keptRev
            hub.told(id, change: rev)
            outbox.enqueueEvent(for: index, lane: .lines, in: &connections, at: now) {
                EventWriter.gap(room: name, rev: rev, into: &$0)
            }
            let settings = hub.settings(of: membership.room)
            outbox.enqueueEvent(for: index, lane: .lines, in: &connections, at: now) {
                EventWriter.room(name, rev: rev, settings, into: &$0)
            }
            return true
        }
        guard let next = changes.next(after: membership.rev, upTo: membership.cursor) else {
            return false
        }
        hub.told(id, change: next.rev)
        for event in next.events {
            outbox.enqueueEvent(for: index, lane: .lines, in: &connections, at: now) {
                $0 += event
            }
        }
        return true
    }
}
