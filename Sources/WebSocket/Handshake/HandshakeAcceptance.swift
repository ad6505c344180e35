/// The server's consent to an opening handshake (RFC 6455 §4.2.2).
public struct HandshakeAcceptance: Sendable {
    /// Which of the policy's subprotocols the connection speaks; nil: none of them.
    public let subprotocol: Int?
    /// What permessage-deflate was agreed on; nil: nothing is compressed.
    public let deflate: DeflateParameters?
    private let acceptKey: AcceptKey

    init(
        key: Range<Int>, in bytes: Span<UInt8>, subprotocol: Int?, deflate: DeflateParameters?
    ) {
        acceptKey = AcceptKey(for: key, in: bytes)
        self.subprotocol = subprotocol
        self.deflate = deflate
    }

    /// Appends the whole response. `policy` is the one that was negotiated with.
    public func writeResponse(policy: HandshakePolicy, into output: inout [UInt8]) {
        output.append(
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n")
        output.append("Sec-WebSocket-Accept: ")
        acceptKey.append(to: &output)
        output.append("\r\n")
        if let subprotocol {
            ResponseHead.write(
                "Sec-WebSocket-Protocol", policy.subprotocols[subprotocol], into: &output)
        }
        if let deflate {
            ResponseHead.write("Sec-WebSocket-Extensions", deflate.fieldValue, into: &output)
        }
        output.append("\r\n")
    }
}
