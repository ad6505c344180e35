public import Reactor

extension ClientConnection {
    /// What has happened to the connection.
    public enum Event: Equatable, Sendable {
        case opened(subprotocol: String?)
        case text([UInt8])
        /// The server closed the connection with a Close frame. Carries its code.
        case closed(code: UInt16?)
        /// All addresses failed. Carries the last one and its error.
        case unreachable(SocketAddress, SystemError)
        /// The connection is gone. Carries the system's error, if there is one.
        case lost(SystemError?)
        /// The server can't be used.
        case failed(ClientFailure)
    }
}
