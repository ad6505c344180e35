/// A value of `Sec-WebSocket-Extensions` breaks the grammar, with which the handshake fails
/// (RFC 6455 §9.1).
struct MalformedExtensions: Error {
    static let reason = "Sec-WebSocket-Extensions is not a list of extensions."
}
