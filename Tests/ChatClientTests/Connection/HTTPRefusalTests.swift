import ChatClient
import Testing
import WebSocket

@Suite struct HTTPRefusalTests {
    @Test(arguments: [
        ("Retry-After: 7", 7), ("RETRY-AFTER:7", 7), ("Retry-After: 0", 0),
        ("Retry-After: Wed, 21 Oct 2026 07:28:00 GMT", nil), ("Retry-After: -1", nil),
        ("Retry-After: 99999999999999999999", nil), ("X-Retry-After: 7", nil), ("A: b", nil),
    ])
    func `the wait that the server asks for is read`(field: String, seconds: UInt64?) throws {
        let client = ClientEnd()
        client.receive(Array("HTTP/1.1 503 x\r\n\(field)\r\nB: c\r\n\r\nRetry-After: 9".utf8))
        #expect(client.refusal?.retryAfter == seconds)
        #expect(client.refusal?.text == "Retry-After: 9")
    }

    @Test(arguments: [
        (503, true), (500, true), (502, true), (429, true), (408, true), (400, false),
        (403, false), (404, false), (426, false), (501, false), (505, false), (200, false),
        (302, false),
    ])
    func `the status decides whether to try again`(status: UInt16, isTemporary: Bool) {
        #expect(HTTPRefusal(HTTPStatus(rawValue: status)).isTemporary == isTemporary)
    }
}
