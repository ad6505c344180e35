import Testing
import WebSocket

/// The key of RFC 6455 §1.3.
private let key: InlineArray<16, UInt8> = [
    0x74, 0x68, 0x65, 0x20, 0x73, 0x61, 0x6D, 0x70, 0x6C, 0x65, 0x20, 0x6E, 0x6F, 0x6E, 0x63, 0x65,
]

private func response(
    status: String = "HTTP/1.1 101 Switching Protocols", upgrade: String = "Upgrade: WebSocket",
    connection: String = "Connection: upgrade",
    accept: String = "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", more: String = "A: b"
) -> [UInt8] {
    let lines = [status, upgrade, connection, accept, more]
    return [UInt8](lines.joined(separator: "\r\n") + "\r\n\r\n")
}

private func failure(_ bytes: [UInt8]) -> ClientHandshakeFailure? {
    do throws(ClientHandshakeFailure) {
        _ = try ClientHandshake.parseResponse(bytes.span, key: key, subprotocols: ["chat"])
        return nil
    } catch {
        return error
    }
}

@Suite struct ClientHandshakeTests {
    @Test func `the request is written`() {
        var bytes: [UInt8] = []
        ClientHandshake.writeRequest(
            host: "a.example:1", target: "/ws?room=go", key: key, subprotocols: ["x", "chat"],
            origin: "https://a.example", into: &bytes)
        #expect(
            String(decoding: bytes, as: UTF8.self)
                == "GET /ws?room=go HTTP/1.1\r\nHost: a.example:1\r\nUpgrade: websocket\r\n"
                + "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nOrigin: https://a.example\r\n"
                + "Sec-WebSocket-Protocol: x, chat\r\n\r\n")
    }

    @Test func `client and server agree`() throws {
        var request: [UInt8] = []
        ClientHandshake.writeRequest(
            host: "a.example", target: "/", key: key, subprotocols: ["x", "chat"], into: &request)
        let policy = HandshakePolicy(subprotocols: ["chat"])
        let head = try #require(try parse(pieces: [request[...]]))
        let accepted = try OpeningHandshake.negotiate(head, in: request.span, policy: policy)
        var answer: [UInt8] = []
        accepted.writeResponse(policy: policy, into: &answer)
        let length = answer.count
        for end in answer.indices {
            let part = Array(answer[..<end])
            let result = try ClientHandshake.parseResponse(
                part.span, key: key, subprotocols: ["x", "chat"])
            #expect(result == nil)
        }
        answer += [0x81, 0x00]
        let result = try ClientHandshake.parseResponse(
            answer.span, key: key, subprotocols: ["x", "chat"])
        #expect(result?.length == length)
        #expect(result?.subprotocol == 1)
    }

    @Test func `the smallest valid response is accepted`() throws {
        let bytes = response(status: "HTTP/1.1 101")
        let result = try ClientHandshake.parseResponse(bytes.span, key: key)
        #expect(result?.length == bytes.count)
        #expect(result?.subprotocol == nil)
    }

    @Test func `a refusal is reported with its status`() {
        let bytes = [UInt8]("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n")
        #expect(failure(bytes) == .refused(.serviceUnavailable))
    }

    @Test(arguments: [
        response(status: "HTTP/2 101 x"),
        response(status: "HTTP/1.1 1x1 x"),
        response(status: "HTTP/1.1 1010 x"),
        response(upgrade: "Upgrade: h2c"),
        response(connection: "Connection: close"),
        response(accept: "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOO="),
        response(accept: "Sec-WebSocket-Accept:"),
        response(more: "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo="),
        response(more: "Sec-WebSocket-Extensions: permessage-deflate"),
        response(more: "Sec-WebSocket-Protocol: other"),
        response(more: "A : b"),
        [UInt8]("x\n"),
    ])
    func `an invalid response is rejected`(bytes: [UInt8]) {
        guard case .invalid = failure(bytes) else {
            Issue.record("not refused")
            return
        }
    }

    @Test func `a response head over the limit is rejected`() {
        #expect(failure([UInt8](repeating: 0x61, count: 65_535)) == nil)
        #expect(failure([UInt8](repeating: 0x61, count: 65_536)) != nil)
    }
}
