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
    }

    private let state: Mutex<State>
    private let filled = DispatchSemaphore(value: 0)
    private let wake: @Sendable () -> Void
    private let refresh: @Sendable () -> KeyRing?

    /// - Parameters:
    ///   - refresh: asks for other keys, about once a second at most and only if there is a token
    ///     to verify; nil if they haven't changed. It runs on the verifier's thread.
    ///   - wake: is called on that thread when the first answer is in an empty mailbox.
    public init(
        _ ring: KeyRing, refresh: @escaping @Sendable () -> KeyRing? = { nil },
        wake: @escaping @Sendable () -> Void
    ) {
        state = Mutex(State(ring: ring))
        self.refresh = refresh
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

    /// Ends the thread. Requests that wait aren't answered.
    public func close() {
        state.withLock { $0.isClosed = true }
        filled.signal()
    }

    private func run() {
        var fresh = DispatchTime.now()
        while true {
            filled.wait()
            let requests: [TokenRequest]? = state.withLock { state in
                guard !state.isClosed else { return nil }
                defer { state.requests = [] }
                return state.requests
            }
            guard let requests else { return }
            if fresh <= .now() {
                if let ring = refresh() { state.withLock { $0.ring = ring } }
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
