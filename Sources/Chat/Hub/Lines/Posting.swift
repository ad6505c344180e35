/// The outcome of a line that a user says without being in the room.
public enum Posting: Equatable, Sendable {
    /// It is valid, and is to be stored.
    case draft(Draft)
    /// It was said before, and has this number.
    case repeated(seq: UInt64, time: Timestamp)
    /// It was sent before, and is on its way to the store as the draft with this ticket.
    case underWay(ticket: UInt64)
    /// It is valid, and is to wait in a room with these rules.
    case held(Draft, RoomRules, HeldLine.Reason)
    /// It was sent before, and waits.
    case waiting(HeldLine)
}
