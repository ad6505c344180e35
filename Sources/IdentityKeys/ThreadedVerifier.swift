internal import Dispatch
public import Identity
internal import Reactor
internal import Synchronization

/// Verifies tokens on a thread of its own, one after the other, with the newest keys.
///
/// The thread inherits the signal mask of the one that makes the verifier, and lives until
/// ``close()``. It needs no limit of its own: the caller counts the requests that wait.
public final class ThreadedVerifier: TokenVerifier {
    /// Tokens that may wait for their keys. Others with unknown keys are refused at once.
    private static let mostParked = 64

    private struct State {
        var requests: [TokenRequest] = []
        var answers: [TokenAnswer] = []
        var ring: KeyRing
        var isClosed = false
        /// Whether to ask for other keys at once.
        var isStale = false
        /// Requests whose keys are being fetched.
        var parked: [TokenRequest] = []
    }

    /// The nice value of the thread, that of the threads for handshakes.
    private static let niceness: Int32 = 5

    private let state: Mutex<State>
    private let filled = DispatchSemaphore(value: 0)
    private let wake: @Sendable () -> Void
    private let refresh: @Sendable () -> KeyRing?
    private let missing: @Sendable () -> Bool
    private let pause: @Sendable () -> Int?

    /// - Parameters:
    ///   - refresh: asks for other keys, about once a second at most if there are tokens to
    ///     verify, and after each pause; nil if they haven't changed. It runs on the verifier's
    ///     thread.
    ///   - missing: a token names a key that isn't there. True if keys are being fetched, after
    ///     which ``keysMayHaveChanged()`` is called; the token waits for that.
    ///   - pause: the most seconds between two such questions if there are no tokens. Nil for any.
    ///   - wake: is called on that thread when the first answer is in an empty mailbox, and when
    ///     there are other keys.
    public init(
        _ ring: KeyRing, refresh: @escaping @Sendable () -> KeyRing? = { nil },
        missing: @escaping @Sendable () -> Bool = { false },
        pause: @escaping @Sendable () -> Int? = { nil },
        wake: @escaping @Sendable () -> Void
    ) {
        state = Mutex(State(ring: ring))
        self.refresh = refresh
        self.missing = missing
        self.pause = pause
        self.wake = wake
        DispatchQueue(label: "token verifier").async { [self] in run() }
    }

    public func verify(_ request: TokenRequest) {
        let isFirst = state.withLock { state in
            state.requests.append(request)
            return state.requests.count == 1
        }
        if isFirst { filled.signal() }
    }

    public func takeAnswers(into answers: inout [TokenAnswer]) {
        state.withLock { state in
            answers += state.answers
            state.answers = []
        }
    }

    /// Asks for other keys soon.
    public func keysMayHaveChanged() {
        state.withLock { $0.isStale = true }
        filled.signal()
    }

    /// Ends the thread. Requests that wait aren't answered.
    public func close() {
        state.withLock { $0.isClosed = true }
        filled.signal()
    }

    private func run() {
        ThreadPriority.yield(niceness: Self.niceness)
        var fresh = DispatchTime.now()
        while true {
            _ = filled.wait(timeout: pause().map { .now() + .seconds($0) } ?? .distantFuture)
            let work: (requests: [TokenRequest], parked: [TokenRequest], isStale: Bool)? =
                state.withLock { state in
                    guard !state.isClosed else { return nil }
                    defer {
                        if state.isStale { state.parked = [] }
                        (state.requests, state.isStale) = ([], false)
                    }
                    return (state.requests, state.isStale ? state.parked : [], state.isStale)
                }
            guard let (requests, parked, isStale) = work else { return }
            if isStale || fresh <= .now() {
                if let ring = refresh() {
                    state.withLock { $0.ring = ring }
                    // Whoever holds a token of a key that is gone must hear of it.
                    wake()
                }
                fresh = .now() + .seconds(1)
            }
            answer(parked, mayWait: false)
            answer(requests, mayWait: true)
        }
    }

    /// Lets a token wait for its key. False if it isn't on its way, or if too many wait.
    private func park(_ request: TokenRequest) -> Bool {
        // It waits before anybody is asked, so that no end of a fetch is missed.
        let hasRoom = state.withLock { state in
            guard state.parked.count < Self.mostParked else { return false }
            state.parked.append(request)
            return true
        }
        guard hasRoom, !missing() else { return hasRoom }
        return state.withLock { state in
            guard let place = state.parked.lastIndex(where: { $0.ticket == request.ticket }) else {
                return true
            }
            state.parked.remove(at: place)
            return false
        }
    }

    /// Each answer goes out by itself, so that a good token doesn't wait for bad ones behind it.
    private func answer(_ requests: [TokenRequest], mayWait: Bool) {
        let ring = state.withLock { $0.ring }
        for request in requests {
            let result: Result<Principal, TokenRefusal>
            do throws(TokenRefusal) {
                result = .success(try ring.holder(of: request.token, at: request.now))
            } catch  where error.lacksKey && mayWait && park(request) {
                continue
            } catch {
                result = .failure(error)
            }
            let wasEmpty = state.withLock { state in
                defer { state.answers.append(TokenAnswer(ticket: request.ticket, result: result)) }
                return state.answers.isEmpty
            }
            if wasEmpty { wake() }
            // A token takes up to a tenth of a millisecond, and a flood of them never ends.
            ThreadPriority.letOthersRun()
        }
    }
}
