/// How far a group of lines has come.
enum AppendProgress {
    case none
    case submitted
    /// Done, and not answered: its lines are stored, unless the group failed. Their entries may
    /// have been told.
    case committed
    /// Answered, and the answer was not taken. The entries may be still to come.
    case answered
}
