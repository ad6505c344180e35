internal import Dispatch
public import Identity
internal import Synchronization

/// Verifies tokens on a thread of its own, one after the other, with the newest keys.
///
/// The thread inherits the signal mask of the one that makes the verifier, and lives until
/// ``close()``. It needs no limit of its own: the caller counts the requests that wait.
public final class ThreadedVerifier: TokenVerifier {
    private struct State {
        var requests: [TokenRequest] = []
        var answers: [TokenAnswer] = []
        var ring: KeyRing
        var isClosed = false
        /// Whether to ask for other keys at once.
        var isStale = false
    }

    private let state: Mutex<State>
    private let filled = DispatchSemaphore(value: 0)
    private let wake: @Sendable () -> Void
    private let refresh: @Sendable () -> KeyRing?
    private let pause: @Sendable () -> Int?

    /// - Parameters:
    ///   - refresh: asks for other keys, about once a second at most if there are tokens to
    ///     verify, and after each pause; nil if they haven't changed. It runs on the verifier's
    ///     thread.
    ///   - pause: the most seconds between two such questions if there are no tokens. Nil for any.
    ///   - wake: is called on that thread when the first answer is in an empty mailbox, and when
    ///     there are other keys.
    public init(
        _ ring: KeyRing, refresh: @escaping @Sendable () -> KeyRing? = { nil },
        pause: @escaping @Sendable () -> Int? = { nil },
        wake: @escaping @Sendable () -> Void
    ) {
        state = Mutex(State(ring: ring))
        self.refresh = refresh
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
        var fresh = DispatchTime.now()
        while true {
            _ = filled.wait(timeout: pause().map { .now() + .seconds($0) } ?? .distantFuture)
            let work: (requests: [TokenRequest], isStale: Bool)? = state.withLock { state in
                guard !state.isClosed else { return nil }
                defer { (state.requests, state.isStale) = ([], false) }
                return (state.requests, state.isStale)
            }
            guard let (requests, isStale) = work else { return }
            if isStale || fresh <= .now() {
                if let ring = refresh() {
                    state.withLock { $0.ring = ring }
                    // Whoever holds a token of a key that is gone must hear of it.
                    wake()
                }
                fresh = .now() + .seconds(1)
            }
            answer(requests)
        }
    }

    /// Each answer goes out by itself, so that a good token doesn't wait for bad ones behind it.
    private func answer(_ requests: [TokenRequest]) {
        let ring = state.withLock { $0.ring }
        for request in requests {
            let result: Result<Principal, TokenRefusal>
            do throws(TokenRefusal) {
                result = .success(try ring.holder(of: request.token, at: request.now))
            } catch {
                result = .failure(error)
            }
            let wasEmpty = state.withLock { state in
                defer { state.answers.append(TokenAnswer(ticket: request.ticket, result: result)) }
                return state.answers.isEmpty
            }
            if wasEmpty { wake() }
        }
    }
}
