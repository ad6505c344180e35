/// The outcome of a line that a user says without being in the room.
public enum Posting: Equatable, Sendable {
    /// It is valid, and is to be stored.
    case draft(Draft)
    /// It was sent before.
    case sentBefore(Hub.EarlierLine)
    /// It is valid, and is to wait in a room with these rules.
    case held(Draft, RoomRules, HeldLine.Reason)
}
