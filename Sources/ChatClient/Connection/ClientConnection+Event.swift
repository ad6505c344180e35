public import Reactor

extension ClientConnection {
    /// What came of something.
    public enum Event: Equatable, Sendable {
        case opened(subprotocol: String?)
        case text([UInt8])
        /// The connection was closed by a Close from the server: its code.
        case closed(code: UInt16?)
        /// None of the addresses lets us in, the last one for this reason.
        case unreachable(SocketAddress, SystemError)
        /// The connection is gone; by the system's doing, if it says why.
        case lost(SystemError?)
        /// The server is of no use to us.
        case failed(ClientFailure)
    }
}
