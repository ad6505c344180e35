/// Lines that wait before they are said.
extension Hub {
    /// Why a line that a room's rules let pass is to wait. Nil: it is said now. Throws if too many
    /// wait.
    @inline(__always)
    public func reasonToHold(
        in room: RoomID, _ author: Author
    ) throws(Refusal) -> HeldLine.Reason? {
        guard rooms[room.index]!.hasRules else { return nil }
        return try reasonByRules(in: room, author)
    }

    @inline(never)
    private func reasonByRules(
        in room: RoomID, _ author: Author
    ) throws(Refusal) -> HeldLine.Reason? {
        guard rooms[room.index]!.settings.rules.holdSeconds > 0, !author.moderates else {
            return nil
        }
        guard held.takesLine(in: names[room.index]) else { throw .tooManyHeld }
        return .hold
    }

    /// A line that waited has its number. If it is sent again, it isn't said twice. `now` is
    /// monotonic, in milliseconds.
    public mutating func released(_ draft: Draft, as seq: UInt64, at now: UInt64) {
        if draft.key != nil { sends.sent(draft, seq: seq, at: now) }
        ordered(draft, as: seq)
    }
}
