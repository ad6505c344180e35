public import WebSocket

/// An event in the bytes from a client's server.
public enum ClientEvent: Equatable, Sendable {
    /// The opening handshake has succeeded. Carries the subprotocol that the server chose.
    case opened(subprotocol: String?)
    /// A whole text, valid UTF-8.
    case text(Payload)
    case binary(Payload)
    /// A Ping. It has been answered, unless the rules forbid that.
    case ping(Payload)
    case pong(Payload)
    /// The server's Close. It has been answered, unless the rules forbid that or ours came first.
    /// Nothing more is read.
    case closed(CloseCode?)
    /// The connection can't be used any more. Nothing more is read.
    case failed(ClientFailure)
}
