internal import Reactor
internal import Synchronization

/// The time in a world.
struct WorldTime: Sendable {
    var now: Instant
    var wallClock: Int64
    var turn: Int
}
