internal import Dispatch
internal import Reactor
internal import Synchronization

/// The look-up of a host's name, which may take seconds, and so has a thread of its own.
final class HostLookup: Sendable {
    private let found = Mutex<Result<[SocketAddress], RedisProblem>?>(nil)

    /// `wake` is called when the outcome is there.
    init(host: String, port: UInt16, wake: @escaping @Sendable () -> Void) {
        if var address = SocketAddress(numeric: host) {
            address.port = port
            found.withLock { $0 = .success([address]) }
            return
        }
        DispatchQueue.global().async { [self] in
            let outcome: Result<[SocketAddress], RedisProblem>
            do {
                outcome = .success(try Listener.resolve(host: host, port: port))
            } catch {
                outcome = .failure(RedisProblem("\(host): \(error)"))
            }
            found.withLock { $0 = outcome }
            wake()
        }
    }

    /// Nil while it isn't known.
    var outcome: Result<[SocketAddress], RedisProblem>? { found.withLock { $0 } }
}
