internal import ChatClient
internal import Dispatch
internal import Reactor
internal import Synchronization

/// Looks the addresses of a host up on another thread, as that may take seconds, and wakes the
/// reactor when they are there.
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

    /// What was found; nil if the lookup is under way.
    func take() -> Result<[SocketAddress], SystemError>? {
        result.withLock { $0 }
    }
}
