/// A value of `Sec-WebSocket-Extensions` that breaks the grammar. The handshake fails (RFC 6455
/// §9.1).
struct MalformedExtensions: Error {
    static let reason = "Sec-WebSocket-Extensions is not a list of extensions."
}
