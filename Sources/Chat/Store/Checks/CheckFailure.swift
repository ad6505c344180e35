/// What becomes of a line that could not be checked.
public enum CheckFailure: String, CaseIterable, Sendable {
    /// It is said.
    case allow
    /// A moderator decides.
    case hold
    /// Its sender is told to try again.
    case refuse
}
