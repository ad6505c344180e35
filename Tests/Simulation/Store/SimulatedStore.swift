package import Chat
internal import Reactor
internal import Synchronization
internal import TestSupport

/// A store that keeps lines on a ``Disk``. What is asked of it is done some time later, and
/// answered some time after that, as a seed has it; both are counted in time and in turns of the
/// server. It goes on when the world tells it how late it is.
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

    /// What is on the disk now.
    package var disk: Disk { state.withLock { $0.disk } }
    /// What it was asked for so far.
    package var requests: [OrdererRequest] { state.withLock { $0.requests } }
    /// What the server did against the contract.
    package var breaches: [String] { state.withLock { $0.breaches } }
    /// A read, or a look at a room, failed at some time.
    var hasFailedToRead: Bool { state.withLock { $0.hasFailedToRead } }
    /// A server that lagged in a room, or could not follow it at first, may have been unable to
    /// read what it missed: a client has missed that, too, however fast it is.
    var mayHaveLostLines: Bool {
        state.withLock { $0.hasFailedToRead || $0.rooms.hasLagged && $0.metrics.linesPruned > 0 }
    }
    /// How far the group that is under way has come.
    var progress: AppendProgress { state.withLock { $0.appendProgress } }

    package var faults: StoreFaults {
        get { state.withLock { $0.faults } }
        set { state.withLock { $0.faults = newValue } }
    }

    // MARK: What a test has it do

    /// From now on, until it is told otherwise, it does nothing.
    package func hang(_ hangs: Bool = true) { state.withLock { $0.hangs = hangs } }

    /// From now on, until it is told otherwise, it does what it is asked to, and says nothing of
    /// it.
    package func keepSilent(_ isSilent: Bool = true) { state.withLock { $0.isSilent = isSilent } }

    /// Reads, and looks at rooms, fail from now on, or succeed again.
    package func failReads(_ fail: Bool = true) {
        state.withLock { $0.faults.readFailures = fail ? 1_000 : 0 }
    }

    /// The fate of the next group is not told, whether it is stored or not.
    package func loseAnswer(storing isStored: Bool) {
        state.withLock { $0.lostAnswer = isStored }
    }

    /// Tells the server that it lags in a room, if it follows it.
    package func lag(_ room: RoomName) { state.withLock { $0.lag(room) } }

    /// Gives up all lines of a room before this one, and says so.
    package func prune(_ room: RoomName, before oldest: UInt64) {
        state.withLock { $0.prune(room, before: oldest) }
    }

    /// Appends fail from now on, until ``recover()``.
    package func fail() { state.withLock { $0.fail(until: Instant(nanoseconds: .max)) } }

    /// Appends succeed again.
    package func recover() { state.withLock { $0.recover() } }

    // MARK: What the world has it do

    /// Finishes what was submitted, as a store does that is closed in good order.
    func close() { state.withLock { $0.close() } }

    /// It is that late now.
    func advance(to time: WorldTime) { state.withLock { $0.advance(to: time) } }

    /// Whether the server is to be woken.
    var wakes: Bool { state.withLock { $0.wakes } }

    /// Nothing else goes on: the server waits for what is due at this instant, whatever turn it
    /// was due in. Returns whether the server is to be woken.
    func hurry() -> Bool {
        state.withLock { state in
            state.hurry()
            return state.wakes
        }
    }

    /// The server was woken.
    func woke() { state.withLock { $0.wakes = false } }

    /// When something happens next, if nothing is submitted meanwhile.
    var next: Instant? { state.withLock { $0.next } }
}
