/// Lines that wait before they are said.
extension Hub {
    /// Why a line that may be said is to wait. Nil: it doesn't. Throws if too many wait.
    mutating func reasonToHold(
        _ reading: LineReading, _ rules: RoomRules, in room: RoomName
    ) throws(Refusal) -> HeldLine.Reason? {
        let reason: HeldLine.Reason? =
            reading.action == .hold ? .term : rules.holdSeconds > 0 ? .hold : nil
        if reason != nil, !held.takesLine(in: room) { throw .tooManyHeld }
        return reason
    }

    /// A line that waited has its number. If it is sent again, it isn't said twice. `now` is
    /// monotonic, in milliseconds.
    public mutating func released(_ draft: Draft, as seq: UInt64, at now: UInt64) {
        if draft.key != nil { sends.sent(draft, seq: seq, at: now) }
        ordered(draft, as: seq)
    }
}
