internal import Dispatch
internal import Identity
internal import IdentityKeys
internal import Logging
internal import Outgoing
internal import Synchronization

/// Fetches sets of keys from the servers that publish them, on a thread of its own: at intervals,
/// and if a token names a key that nobody knows. What can't be fetched changes nothing.
final class RemoteKeys: Sendable {
    /// Seconds between two fetches of one set, while all goes well.
    private static let interval: UInt64 = 600
    /// Seconds after which a set that couldn't be fetched is tried again, and between two fetches
    /// because of tokens.
    private static let pause: UInt64 = 60

    private struct State {
        var sources: [KeyFile] = []
        /// When each was fetched, or wasn't, by its address.
        var tries: [String: (time: UInt64, isGood: Bool)] = [:]
        /// When a token caused the last fetch.
        var missed: UInt64?
        var isFetching = false
    }

    private let state = Mutex(State())
    private let queue = DispatchQueue(label: "remote keys")
    private let log: Logger
    /// In seconds, monotonic.
    private let now: @Sendable () -> UInt64
    /// Takes what was fetched. Nil if nothing was.
    private let take: @Sendable (_ from: KeyFile, [SigningKey]?) -> Void

    init(
        log: Logger,
        now: @escaping @Sendable () -> UInt64 = {
            DispatchTime.now().uptimeNanoseconds / 1_000_000_000
        },
        take: @escaping @Sendable (_ from: KeyFile, [SigningKey]?) -> Void
    ) {
        (self.log, self.now, self.take) = (log, now, take)
    }

    /// These sets are fetched from now on. They have just been tried.
    func use(_ sources: [(file: KeyFile, isGood: Bool)]) {
        let wasIdle = state.withLock { state in
            defer {
                state.sources = sources.map(\.file)
                for source in sources {
                    state.tries[source.file.path] = (now(), source.isGood)
                }
            }
            return state.sources.isEmpty
        }
        if wasIdle, !sources.isEmpty { fetchLater() }
    }

    /// A token names a key that nobody knows. Returns whether sets are being fetched, which `take`
    /// tells of. Tokens cause one fetch of each set a minute at most.
    func keyIsMissing() -> Bool {
        let now = now()
        let (due, isFetching) = state.withLock { state in
            guard !state.isFetching, !state.sources.isEmpty,
                state.missed.map({ now - $0 >= Self.pause }) ?? true
            else { return ([] as [KeyFile], state.isFetching) }
            (state.missed, state.isFetching) = (now, true)
            return (state.sources, true)
        }
        if !due.isEmpty { queue.async { [self] in fetch(due) } }
        return isFetching
    }

    private func fetchLater() {
        queue.asyncAfter(deadline: .now() + .seconds(Int(Self.pause))) { [weak self] in
            guard let self else { return }
            let (due, isOver) = state.withLock { state in
                let due = state.isFetching ? [] : overdue(in: state)
                state.isFetching = state.isFetching || !due.isEmpty
                return (due, state.sources.isEmpty)
            }
            fetch(due)
            if !isOver { fetchLater() }
        }
    }

    /// The sets that are to be fetched again.
    private func overdue(in state: borrowing State) -> [KeyFile] {
        let now = now()
        return state.sources.filter { source in
            guard let last = state.tries[source.path] else { return true }
            return now - last.time >= (last.isGood ? Self.interval : Self.pause)
        }
    }

    private func fetch(_ sources: [KeyFile]) {
        for source in sources {
            do throws(KeyFileProblem) {
                let keys = try source.keys()
                state.withLock { $0.tries[source.path] = (now(), true) }
                take(source, keys)
            } catch {
                state.withLock { $0.tries[source.path] = (now(), false) }
                log.error(
                    "Keys for tokens can't be fetched: the old ones stay",
                    metadata: ["url": "\(source.path)", "problem": "\(error.reason)"])
                take(source, nil)
            }
        }
        if !sources.isEmpty { state.withLock { $0.isFetching = false } }
    }
}
