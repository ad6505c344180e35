internal import Chat

/// How far pages of the store go for members that are behind.
extension RoomStreams {
    /// The last line of a page that begins with `seq`. A page ends where a change is, so that the
    /// change comes in its place.
    func pageEnd(from seq: UInt64, of room: RoomID, _ hub: borrowing Hub) -> UInt64 {
        let last = sealedSeq(of: room, last: hub.lastSeq(of: room))
        return min(self[room].changes.boundary(after: seq - 1) ?? last, last)
    }

    /// A page that was asked for by somebody else, or before a change, without what is beyond its
    /// end.
    func cut(
        _ page: RoomPage, from seq: UInt64, of room: RoomID, _ hub: borrowing Hub
    ) -> RoomPage {
        let end = pageEnd(from: seq, of: room, hub)
        guard seq <= end, end < page.through else { return page }
        return RoomPage(
            lines: page.lines.filter { $0.seq <= end }, through: end, oldest: page.oldest)
    }
}
