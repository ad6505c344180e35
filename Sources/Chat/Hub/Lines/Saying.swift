/// The outcome of sending a line.
public enum Saying: Equatable, Sendable {
    /// It is valid, and is to be stored.
    case draft(Draft, RoomID)
    /// It was sent before.
    case sentBefore(Hub.EarlierLine)
    /// It is valid, and is to wait.
    case held(Draft, RoomID, HeldLine.Reason)
}
