/// The server's consent to an opening handshake (RFC 6455 §4.2.2).
public struct HandshakeAcceptance: Sendable {
    /// Which of the policy's subprotocols the connection speaks; nil: none of them.
    public let subprotocol: Int?
    /// What permessage-deflate was agreed on; nil: nothing is compressed.
    public let deflate: DeflateParameters?
    private let acceptKey: AcceptKey

    /// What is answered to a client that asks for nothing else, with dots for the key's answer.
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
    /// Where the key's answer stands in it.
    private static let keyStart = 97

    init(
        key: Range<Int>, in bytes: Span<UInt8>, subprotocol: Int?, deflate: DeflateParameters?
    ) {
        acceptKey = AcceptKey(for: key, in: bytes)
        self.subprotocol = subprotocol
        self.deflate = deflate
    }

    /// Appends the whole response. `policy` is the one that was negotiated with.
    public func writeResponse(policy: HandshakePolicy, into output: inout [UInt8]) {
        write(policy: policy, into: &output) { $0.append($1) }
    }

    /// The same to wherever `append` puts bytes, called once with all of them.
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

    /// The response with the fields that not every one has, before its empty line.
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
