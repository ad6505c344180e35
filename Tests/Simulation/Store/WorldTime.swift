internal import Reactor
internal import Synchronization

/// The time in a world.
struct WorldTime: Sendable {
    var now: Instant
    var wallClock: Int64
    var turn: Int
}

extension World {
    /// The world's time for a store.
    var time: WorldTime { WorldTime(now: now, wallClock: wallClock, turn: turn) }
}
