/// The outcome of sending a line.
public enum Saying: Equatable, Sendable {
    /// It is valid, and is to be stored.
    case draft(Draft, RoomID)
    /// It was said before, and has this number.
    case repeated(seq: UInt64, time: Timestamp)
    /// It was sent before, and is on its way to the store as the draft with this ticket.
    case underWay(ticket: UInt64)
    /// It is valid, and is to wait.
    case held(Draft, RoomID, HeldLine.Reason)
    /// It was sent before, and waits.
    case waiting(HeldLine)
}
