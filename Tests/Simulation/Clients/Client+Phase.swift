/// How far a client is.
extension Client {
    package enum Phase {
        /// Responses are HTTP and kept unchanged.
        case plain
        /// The opening handshake was sent.
        case handshaking
        case open
        /// The server's Close has arrived. Nothing may follow.
        case closed
    }

    /// How the connection ended.
    package enum Ending {
        /// The server has ended its sending half.
        case finished
        case reset
    }
}
