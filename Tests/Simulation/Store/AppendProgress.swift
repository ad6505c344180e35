internal import Reactor
internal import Synchronization

/// How far a group of lines has come.
enum AppendProgress {
    case none
    case submitted
    case committed
    /// Answered, and the answer was not taken.
    case answered
}
