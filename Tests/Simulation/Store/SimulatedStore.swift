package import Chat
internal import Reactor
internal import Synchronization
internal import TestSupport

/// A store that keeps lines on a ``Disk``. It handles each request after a delay, and answers after
/// another. Delays are drawn from a seed, in time and in turns of the server. The world tells the
/// store the time.
package final class SimulatedStore: Orderer {
    private let state: Mutex<StoreState>

    init(on disk: Disk, faults: StoreFaults, seed: UInt64, at time: WorldTime) {
        state = Mutex(StoreState(disk: disk, faults: faults, seed: seed, time: time))
    }

    package func submit(_ request: OrdererRequest) { state.withLock { $0.submit(request) } }

    package func takeReplies(into replies: inout [OrdererReply]) {
        replies += state.withLock { $0.takeReplies() }
    }

    package var metrics: StoreMetrics { state.withLock { $0.metrics } }

    /// The current contents of the disk.
    package var disk: Disk { state.withLock { $0.disk } }
    /// All requests so far.
    package var requests: [OrdererRequest] { state.withLock { $0.requests } }
    /// Breaches of the contract by the server.
    package var breaches: [String] { state.withLock { $0.breaches } }
    /// Whether a read or a lookup of a room has failed.
    var hasFailedToRead: Bool { state.withLock { $0.hasFailedToRead } }
    /// Whether the server was told that it lags in some room.
    var hasLagged: Bool { state.withLock { $0.rooms.hasLagged } }
    /// Whether lines may be lost for every client: a server that lagged in a room, or could not
    /// follow it at first, may have been unable to read what it missed.
    var mayHaveLostLines: Bool {
        state.withLock { $0.hasFailedToRead || $0.rooms.hasLagged && $0.metrics.linesPruned > 0 }
    }
    /// The progress of the current group.
    var progress: AppendProgress { state.withLock { $0.appendProgress } }

    package var faults: StoreFaults {
        get { state.withLock { $0.faults } }
        set { state.withLock { $0.faults = newValue } }
    }

    // MARK: Controlled by a test

    /// Stops all work until further notice.
    package func hang(_ hangs: Bool = true) { state.withLock { $0.hangs = hangs } }

    /// Reports that it checks its file before it is open.
    package func check() { state.withLock { $0.say(.checking) } }

    /// Works without replying until further notice.
    package func keepSilent(_ isSilent: Bool = true) { state.withLock { $0.isSilent = isSilent } }

    /// Makes reads and lookups of rooms fail from now on, or succeed again.
    package func failReads(_ fail: Bool = true) {
        state.withLock { $0.faults.readFailures = fail ? 1_000 : 0 }
    }

    /// Makes the outcome of the next group unknown, whether it is stored or not.
    package func loseAnswer(storing isStored: Bool) {
        state.withLock { $0.lostAnswer = isStored }
    }

    /// Tells the server that it lags in a room, if it follows the room.
    package func lag(_ room: RoomName) { state.withLock { $0.lag(room) } }

    /// Deletes all lines of a room before this one, and reports it.
    package func prune(_ room: RoomName, before oldest: UInt64) {
        state.withLock { $0.prune(room, before: oldest) }
    }

    /// Makes appends fail from now on, until ``recover()``.
    package func fail() { state.withLock { $0.fail(until: Instant(nanoseconds: .max)) } }

    /// Appends succeed again.
    package func recover() { state.withLock { $0.recover() } }

    /// Another machine takes over without the newest groups, as far as the disk allows, and begins
    /// another epoch. Returns false if the store isn't open.
    package func failOver(losing groups: Int) -> Bool {
        state.withLock { $0.failOver(losing: groups) }
    }

    // MARK: Controlled by the world

    /// Finishes all submissions, like a store that is closed properly.
    func close() { state.withLock { $0.close() } }

    /// The time has advanced.
    func advance(to time: WorldTime) { state.withLock { $0.advance(to: time) } }

    /// Whether the server is to be woken.
    var wakes: Bool { state.withLock { $0.wakes } }

    /// The server waits and nothing else happens: handles everything due at this instant, in
    /// whatever turn it was due. Returns whether to wake the server.
    func hurry() -> Bool {
        state.withLock { state in
            state.hurry()
            return state.wakes
        }
    }

    /// The server was woken.
    func woke() { state.withLock { $0.wakes = false } }

    /// When something happens next, if nothing is submitted before.
    var next: Instant? { state.withLock { $0.next } }
}
