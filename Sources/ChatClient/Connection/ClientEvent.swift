public import WebSocket

/// What a client has found in what its server sent.
public enum ClientEvent: Equatable, Sendable {
    /// The opening handshake has succeeded; which of the subprotocols that were asked for the
    /// server chose.
    case opened(subprotocol: String?)
    /// A whole text, valid UTF-8.
    case text(Payload)
    case binary(Payload)
    /// A Ping, which has been answered unless the rules forbid that.
    case ping(Payload)
    case pong(Payload)
    /// The server's Close, which has been answered unless the rules forbid that, or ours came
    /// first. Nothing more is read.
    case closed(CloseCode?)
    /// The connection is of no further use. Nothing more is read.
    case failed(ClientFailure)
}
