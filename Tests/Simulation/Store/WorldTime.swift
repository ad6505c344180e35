internal import Reactor
internal import Synchronization

/// How late it is in a world.
struct WorldTime: Sendable {
    var now: Instant
    var wallClock: Int64
    var turn: Int
}
