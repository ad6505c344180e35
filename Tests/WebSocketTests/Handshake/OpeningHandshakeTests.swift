import Testing
import WebSocket

/// The handshake of RFC 6455 §1.3, with some lines changed.
private func handshake(
    _ line: String = "GET /chat HTTP/1.1", without dropped: String? = nil, with added: [String] = []
) -> [UInt8] {
    let fields = [
        "Host: server.example.com", "Upgrade: websocket", "Connection: Upgrade",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Origin: http://example.com",
        "Sec-WebSocket-Protocol: chat, superchat", "Sec-WebSocket-Version: 13",
    ]
    let kept = fields.filter { !$0.hasPrefix(dropped ?? "-") }
    return [UInt8](([line] + kept + added).joined(separator: "\r\n") + "\r\n\r\n")
}

/// The whole response to a request, or the reason why there is none.
private func answer(
    _ request: [UInt8], policy: HandshakePolicy = HandshakePolicy()
) throws -> Result<String, HandshakeRefusal> {
    let head = try #require(try parse(pieces: [request[...]]))
    do throws(HandshakeRefusal) {
        let acceptance = try OpeningHandshake.negotiate(head, in: request.span, policy: policy)
        var response: [UInt8] = []
        acceptance.writeResponse(policy: policy, into: &response)
        return .success(String(decoding: response, as: UTF8.self))
    } catch {
        return .failure(error)
    }
}

private func status(
    _ request: [UInt8], policy: HandshakePolicy = HandshakePolicy()
) throws -> HTTPStatus {
    switch try answer(request, policy: policy) {
    case .success: .switchingProtocols
    case .failure(let refusal): refusal.status
    }
}

@Suite struct OpeningHandshakeTests {
    @Test func `the example of RFC 6455 is answered`() throws {
        let policy = HandshakePolicy(subprotocols: ["chat"])
        let response = try answer(handshake(), policy: policy).get()
        #expect(
            response
                == "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                + "Connection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"
                + "Sec-WebSocket-Protocol: chat\r\n\r\n")
    }

    @Test(arguments: [
        (["superchat"], "superchat"),
        (["superchat", "chat"], "chat"),
        (["Chat"], nil),
        (["other"], nil),
        ([], nil),
    ])
    func `the client's preferred subprotocol is chosen`(offered: [String], chosen: String?) throws {
        let response = try answer(handshake(), policy: HandshakePolicy(subprotocols: offered)).get()
        let line = chosen.map { "Sec-WebSocket-Protocol: \($0)\r\n" }
        #expect(response.contains("Sec-WebSocket-Protocol") == (chosen != nil))
        #expect(response.contains(line ?? "Sec-WebSocket-Accept"))
    }

    @Test(arguments: [
        (handshake("HEAD /chat HTTP/1.1"), HTTPStatus.methodNotAllowed),
        (handshake("POST /chat HTTP/1.1"), .methodNotAllowed),
        (handshake("GET /chat HTTP/1.0"), .upgradeRequired),
        (handshake(without: "Upgrade"), .upgradeRequired),
        (handshake(without: "Connection"), .upgradeRequired),
        (handshake(without: "Sec-WebSocket-Version"), .upgradeRequired),
        (
            handshake(without: "Sec-WebSocket-Version", with: ["Sec-WebSocket-Version: 8"]),
            .upgradeRequired
        ),
        (
            handshake(without: "Sec-WebSocket-Version", with: ["Sec-WebSocket-Version: 13, 8"]),
            .upgradeRequired
        ),
        (handshake(without: "Sec-WebSocket-Key"), .badRequest),
        (handshake(with: ["Content-Length: 1"]), .badRequest),
        (handshake(with: ["Transfer-Encoding: chunked"]), .badRequest),
        (handshake(with: ["Content-Length: 0"]), .switchingProtocols),
        (handshake("GET http://x.example/chat HTTP/1.1"), .switchingProtocols),
    ])
    func `each invalid handshake gets its status`(request: [UInt8], expected: HTTPStatus) throws {
        #expect(try status(request) == expected)
    }

    @Test(arguments: [
        "", "dGhlIHNhbXBsZSBub25jZQ", "dGhlIHNhbXBsZSBub25jZQ=", "dGhlIHNhbXBsZSBub25jZR==",
        "dGhlIHNhbXBsZSBub25jZQ==, dGhlIHNhbXBsZSBub25jZQ==", "dGhlIHNhbXBsZSBub25jZ===",
        "dGhlIHNhbXBsZSBub25jZQAA", "dGhlIHNhbXBsZSBub2*jZQ==", "dGhlIHNhbXBsZSBub25jZSE=",
        "dGhlIHNhbXBsZQ==",
    ])
    func `a key that isn't 16 bytes is rejected`(key: String) throws {
        let request = handshake(without: "Sec-WebSocket-Key", with: ["Sec-WebSocket-Key: \(key)"])
        #expect(try status(request) == .badRequest)
    }

    @Test(arguments: [
        (["https://example.org", "http://example.com"], HTTPStatus.switchingProtocols),
        (["HTTP://Example.com"], .switchingProtocols),
        (["https://example.com"], .forbidden),
        (["http://example.com:80"], .forbidden),
        (["http://example.co"], .forbidden),
        ([], .switchingProtocols),
    ])
    func `only the origins of the policy may connect`(origins: [String], expected: HTTPStatus)
        throws
    {
        #expect(try status(handshake(), policy: HandshakePolicy(origins: origins)) == expected)
    }

    @Test func `a request without Origin may connect`() throws {
        let policy = HandshakePolicy(origins: ["https://example.org"])
        #expect(try status(handshake(without: "Origin"), policy: policy) == .switchingProtocols)
        let opaque = handshake(without: "Origin", with: ["Origin: null"])
        #expect(try status(opaque, policy: policy) == .forbidden)
    }

    @Test func `a refusal names what the server accepts`() throws {
        guard case .failure(let old) = try answer(handshake(without: "Upgrade")),
            case .failure(let post) = try answer(handshake("POST / HTTP/1.1"))
        else {
            Issue.record("not refused")
            return
        }
        #expect(
            old.fields == [
                ResponseHead.Field("Upgrade", "websocket"),
                ResponseHead.Field("Connection", "Upgrade"),
                ResponseHead.Field("Sec-WebSocket-Version", "13"),
            ])
        #expect(post.fields == [ResponseHead.Field("Allow", "GET")])
    }
}
