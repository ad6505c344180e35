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

    /// The orderer has answered to a line that is to wait. Nil: it could not be kept.
    public mutating func answered(_ draft: Draft, _ line: HeldLine?, at now: UInt64) {
        if line == nil {
            failed(draft)
        } else if draft.key != nil {
            // From now on its key is found among the lines that wait.
            sends.failed(draft)
        }
        held.came(line, in: draft.room, at: now)
    }

    /// A line that waited has its number. If it is sent again, it isn't said twice. `now` is
    /// monotonic, in milliseconds.
    public mutating func released(_ draft: Draft, as seq: UInt64, at now: UInt64) {
        if draft.key != nil { sends.sent(draft, seq: seq, at: now) }
        ordered(draft, as: seq)
    }
}
