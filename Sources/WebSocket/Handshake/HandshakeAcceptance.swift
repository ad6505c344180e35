/// The server's acceptance of an opening handshake (RFC 6455 §4.2.2).
public struct HandshakeAcceptance: Sendable {
    /// The index of the policy's subprotocol that the connection uses. Nil if it uses none.
    public let subprotocol: Int?
    /// The agreed parameters of permessage-deflate. Nil if nothing is compressed.
    public let deflate: DeflateParameters?
    private let acceptKey: AcceptKey

    /// The response to a client that requests nothing else, with dots in place of the key's answer.
    private static let plainResponse: InlineArray<129, UInt8> = {
        let text = Array(
            """
            HTTP/1.1 101 Switching Protocols\r
            Upgrade: websocket\r
            Connection: Upgrade\r
            Sec-WebSocket-Accept: ............................\r
            \r

            """.utf8)
        precondition(text.count == 129)
        return InlineArray { text[$0] }
    }()
    /// The position of the key's answer in the response.
    private static let keyStart = 97

    init(
        key: Range<Int>, in bytes: Span<UInt8>, subprotocol: Int?, deflate: DeflateParameters?
    ) {
        acceptKey = AcceptKey(for: key, in: bytes)
        self.subprotocol = subprotocol
        self.deflate = deflate
    }

    /// Appends the whole response. `policy` must be the one used in the negotiation.
    public func writeResponse(policy: HandshakePolicy, into output: inout [UInt8]) {
        write(policy: policy, into: &output) { $0.append($1) }
    }

    /// The same for any output. `append` is called once with all bytes.
    public func write<Output: ~Copyable, Result>(
        policy: HandshakePolicy, into output: inout Output,
        _ append: (inout Output, Span<UInt8>) -> Result
    ) -> Result {
        var response = Self.plainResponse
        var whole = response.mutableSpan
        var key = whole._mutatingExtracting(Self.keyStart..<Self.keyStart + AcceptKey.bytes)
        acceptKey.write(to: &key)
        guard subprotocol != nil || deflate != nil else { return append(&output, response.span) }
        return append(&output, longResponse(response.span, policy: policy).span)
    }

    /// The response with optional fields, before its empty line.
    private func longResponse(_ response: Span<UInt8>, policy: HandshakePolicy) -> [UInt8] {
        let emptyLine = "\r\n"
        var output: [UInt8] = []
        output.append(response.extracting(droppingLast: emptyLine.utf8.count))
        if let subprotocol {
            ResponseHead.write(
                "Sec-WebSocket-Protocol", policy.subprotocols[subprotocol], into: &output)
        }
        if let deflate {
            ResponseHead.write("Sec-WebSocket-Extensions", deflate.fieldValue, into: &output)
        }
        output.append(emptyLine)
        return output
    }
}
