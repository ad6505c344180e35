/// New epochs under connected members.
extension Hub {
    /// A snapshot of a followed room is of another epoch.
    ///
    /// Up to the end of the old epoch, its numbers mean the same lines in the new one. So each
    /// member goes on after the last of its lines that is certain, and reads what follows from the
    /// orderer. If nothing is known of the old epoch, no number of it means anything. Those of the
    /// new one go on above all that this server has seen, and so do the members.
    mutating func began(_ snapshot: RoomSnapshot, in room: RoomID) {
        let old = rooms[room.index]!
        let end = snapshot.ends.last { $0.epoch == old.epoch }?.seq
        rooms[room.index]!.take(snapshot)
        let last = snapshot.lastSeq
        for seat in old.seats {
            let id = seat.membership
            let isBehind = isBehind(id)
            reads(id, false)
            let known = isBehind ? memberships[id.index]!.cursor : old.lastSeq
            let start = min(end.map { min(known, $0) } ?? old.lastSeq, last)
            if start < last {
                fellBehind(id, cursor: start)
                memberships[id.index]!.replayEnd = max(memberships[id.index]!.replayEnd, last)
            } else if isBehind {
                fed(id, upTo: last, head: last)
            }
        }
    }

    /// The changes of a room that its members know may be others than those of the new epoch. Its
    /// caller tells the members.
    public mutating func changesBegan(at rev: UInt64, in room: RoomID) {
        rooms[room.index]!.lastRev = rev
        for seat in rooms[room.index]!.seats where isBehind(seat.membership) {
            memberships[seat.membership.index]!.rev = rev
        }
    }

    /// The orderer has begun another epoch. Lines of the old one may be lost, so no key is known to
    /// be of a line that was said.
    public mutating func forgetStoredSends() { sends.forgetStored() }
}
