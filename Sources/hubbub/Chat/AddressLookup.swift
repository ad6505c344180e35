internal import ChatClient
internal import Dispatch
internal import Reactor
internal import Synchronization

/// Looks up the addresses of a host on another thread, because that may take seconds. Wakes the
/// reactor when it is done.
final class AddressLookup: Sendable {
    private let result = Mutex<Result<[SocketAddress], SystemError>?>(nil)

    init(of url: WebSocketURL, waking waker: Waker) {
        DispatchQueue.global().async { [self] in
            let found: Result<[SocketAddress], SystemError>
            do throws(SystemError) {
                found = .success(try url.resolve())
            } catch {
                found = .failure(error)
            }
            result.withLock { $0 = found }
            waker.wake()
        }
    }

    /// The result, or nil if the lookup is still running.
    func take() -> Result<[SocketAddress], SystemError>? {
        result.withLock { $0 }
    }
}
