import Testing
import WebSocket

@Suite struct ServerSessionTests {
    private static let request = """
        GET / HTTP/1.1\r
        Host: localhost\r
        Upgrade: websocket\r
        Connection: Upgrade\r
        Sec-WebSocket-Version: 13\r
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
        \r

        """
    /// The answer to the key of RFC 6455 §1.3.
    private static let accepted = """
        HTTP/1.1 101 Switching Protocols\r
        Upgrade: websocket\r
        Connection: Upgrade\r
        Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r
        \r

        """

    /// A session's echoes of these pieces, and whether it is over.
    private func echo(_ pieces: [ArraySlice<UInt8>]) -> (output: [UInt8], isOver: Bool) {
        var session = ServerSession(messageBytes: 1_000)
        var output: [UInt8] = []
        for piece in pieces {
            var (bytes, offset) = (Array(piece), 0)
            var input = bytes.mutableSpan
            while let message = session.next(in: &input, from: &offset, output: &output) {
                session.send(message.kind, message.payload, in: input.span, into: &output)
            }
            #expect(offset == input.count)
        }
        return (output, session.isOver)
    }

    private func masked(_ opcode: Opcode, _ payload: String) -> [UInt8] {
        var frame: [UInt8] = []
        FrameEncoder.appendMasked(
            opcode, payload.utf8.span, key: MaskingKey(0x0123_4567), to: &frame)
        return frame
    }

    private func plain(_ opcode: Opcode, _ payload: String) -> [UInt8] {
        var frame: [UInt8] = []
        FrameEncoder.append(opcode, payload.utf8.span, to: &frame)
        return frame
    }

    @Test func `a whole conversation works, cut anywhere`() {
        var close: [UInt8] = []
        FrameEncoder.appendMaskedClose(.normal, key: MaskingKey(7), to: &close)
        let input =
            Array(Self.request.utf8) + masked(.text, "hé") + masked(.ping, "p")
            + masked(.binary, "\u{1}") + close + masked(.text, "after the end")
        var expected =
            Array(Self.accepted.utf8) + plain(.text, "hé") + plain(.pong, "p")
            + plain(.binary, "\u{1}")
        FrameEncoder.appendClose(.normal, to: &expected)
        for pieces in [[input[...]]] + input.cuttings {
            let (output, isOver) = echo(pieces)
            #expect(output == expected)
            #expect(isOver)
        }
    }

    @Test func `a violation is answered with its code`() {
        let (output, isOver) = echo([
            Array(Self.request.utf8)[...], plain(.text, "not masked")[...],
        ])
        #expect(isOver)
        let close = output.dropFirst(Self.accepted.utf8.count)
        #expect(close.first == 0x88)
        #expect(close.dropFirst(2).prefix(2) == [0x03, 0xEA])
    }

    @Test(arguments: [
        ("GET / HTTP/1.1\r\nHost: a\r\n\r\n", "HTTP/1.1 426 "),
        ("GET / HTTP/1.1\r\n\r\n", "HTTP/1.1 400 "),
    ])
    func `a request that is no handshake is refused`(_ request: String, _ status: String) {
        let (output, isOver) = echo([Array(request.utf8)[...]])
        #expect(String(decoding: output, as: UTF8.self).hasPrefix(status))
        #expect(isOver)
    }

    @Test func `our own close waits for the peer's`() {
        var session = ServerSession()
        var (output, offset): ([UInt8], Int) = ([], 0)
        var request = Array(Self.request.utf8)
        var input = request.mutableSpan
        if session.next(in: &input, from: &offset, output: &output) != nil {
            Issue.record("a message")
        }
        output = []
        session.close(.normal, into: &output)
        session.send(.text, "too late".utf8.span, into: &output)
        session.close(.normal, into: &output)
        #expect(output == [0x88, 2, 0x03, 0xE8])
        let isOverBefore = session.isOver
        #expect(!isOverBefore)
        var close: [UInt8] = []
        FrameEncoder.appendMaskedClose(.normal, key: MaskingKey(7), to: &close)
        var answer = close.mutableSpan
        offset = 0
        if session.next(in: &answer, from: &offset, output: &output) != nil {
            Issue.record("a message")
        }
        #expect(output.count == 4)
        let isOver = session.isOver
        #expect(isOver)
    }
}
