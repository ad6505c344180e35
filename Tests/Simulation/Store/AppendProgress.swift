/// The progress of a group of lines.
enum AppendProgress {
    case none
    case submitted
    /// Done, not answered. Its lines are stored, unless the group failed. Their entries may have
    /// been sent.
    case committed
    /// Answered, but the answer wasn't taken. The entries may still be to come.
    case answered
}
