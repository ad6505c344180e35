internal import Reactor

/// A regular's line on its way to the server.
struct Sending {
    let id: String
    let room: String
    let saying: Saying
    let since: Instant
    /// Its number among the sender's requests.
    let number: Int
    var attempts = 1
}
