internal import Reactor

/// Where a socket connects to.
enum RedisPlace: Equatable, Sendable {
    case address(SocketAddress)
    /// The path of a local socket.
    case local(String)
}
