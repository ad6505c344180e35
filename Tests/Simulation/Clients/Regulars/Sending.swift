internal import Reactor

/// A line of one of the regulars on its way.
struct Sending {
    let id: String
    let room: String
    let saying: Saying
    let since: Instant
    /// Its number among the requests of whoever sends it.
    let number: Int
    var attempts = 1
}
