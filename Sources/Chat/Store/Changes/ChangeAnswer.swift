/// The outcome of a ``ChangeRequest``.
public enum ChangeAnswer: Equatable, Sendable {
    /// It is in the room's order under this number, now or since it was first submitted.
    case ordered(rev: UInt64)
    /// Its author may not do that, or it can't be done.
    case refused(Refusal)
    /// It can't be stored now. Nothing of it has happened.
    case failed
}
