import Testing
import WebSocket

let hostLine = "Host: a.example\r\n"

func getRequest(_ lines: String) -> String {
    "GET / HTTP/1.1\r\n" + hostLine + lines + "\r\n\r\n"
}

@Suite struct RequestViolationTests {
    /// Each is rejected with this status: in one piece, in two, and byte by byte.
    @Test(arguments: [
        // The request line (RFC 9112 §3).
        ("GET /\r\n\r\n", HTTPStatus.badRequest),
        ("GET\r\n\r\n", .badRequest),
        ("GET  / HTTP/1.1\r\n", .badRequest),
        ("GET /  HTTP/1.1\r\n", .badRequest),
        ("GET / HTTP/1.1 \r\n", .badRequest),
        (" GET / HTTP/1.1\r\n", .badRequest),
        ("\tGET / HTTP/1.1\r\n", .badRequest),
        ("GET\t/ HTTP/1.1\r\n", .badRequest),
        ("GET / a HTTP/1.1\r\n", .badRequest),
        ("GET / http/1.1\r\n", .badRequest),
        ("GET / HTTP/1\r\n", .badRequest),
        ("GET / HTTP/1.10\r\n", .badRequest),
        ("GET / HTTP/1,1\r\n", .badRequest),
        ("GET / HTTP/x.1\r\n", .badRequest),
        ("GET / HTTPS/1.1\r\n", .badRequest),
        ("GET / HTTP/0.9\r\n", .httpVersionNotSupported),
        ("GET / HTTP/2.0\r\n", .httpVersionNotSupported),
        ("GET / HTTP/2\r\n", .httpVersionNotSupported),
        ("GET / HTTP/9.9\r\n", .httpVersionNotSupported),
        ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", .httpVersionNotSupported),
        ("G(T / HTTP/1.1\r\n", .badRequest),
        ("G\u{E9}T / HTTP/1.1\r\n", .badRequest),
        ("\u{16}\u{3}\u{1}\u{2}", .badRequest),
        ("SSH-2.0-OpenSSH_9.2\r\n", .badRequest),
        ("\r\n\r\n\r\n\r\n\r\n", .badRequest),
        (String(repeating: "A", count: 33), .notImplemented),
        // The target (§3.2).
        ("GET * HTTP/1.1\r\n", .badRequest),
        ("GET a.example HTTP/1.1\r\n", .badRequest),
        ("GET ftp://a.example/ HTTP/1.1\r\n", .badRequest),
        ("GET http:/// HTTP/1.1\r\n", .badRequest),
        ("GET http://:80/ HTTP/1.1\r\n", .badRequest),
        ("GET http://u@a.example/ HTTP/1.1\r\n", .badRequest),
        ("GET http://a.example:x/ HTTP/1.1\r\n", .badRequest),
        ("GET http://a.example#f HTTP/1.1\r\n", .badRequest),
        ("GET /# HTTP/1.1\r\n", .badRequest),
        ("GET /\u{E9} HTTP/1.1\r\n", .badRequest),
        ("GET /\t HTTP/1.1\r\n", .badRequest),
        ("CONNECT / HTTP/1.1\r\n", .badRequest),
        ("CONNECT a.example HTTP/1.1\r\n", .badRequest),
        ("CONNECT a.example: HTTP/1.1\r\n", .badRequest),
        ("CONNECT :443 HTTP/1.1\r\n", .badRequest),
        ("OPTIONS ** HTTP/1.1\r\n", .badRequest),
        // Lines (§2.2, §5).
        ("GET / HTTP/1.1\nHost: a.example\n\n", .badRequest),
        ("GET / HTTP/1.1\rHost: a.example\r\r", .badRequest),
        (getRequest("A: b\nC: d"), .badRequest),
        (getRequest("A: b\rC: d"), .badRequest),
        (getRequest("A: b\r\r"), .badRequest),
        (getRequest("A: \0"), .badRequest),
        (getRequest("A: \u{1}"), .badRequest),
        (getRequest("A: \u{7F}"), .badRequest),
        (getRequest("A : b"), .badRequest),
        (getRequest("A\t: b"), .badRequest),
        (getRequest(" A: b"), .badRequest),
        (getRequest("A: b\r\n c"), .badRequest),
        (getRequest("A: b\r\n\tc"), .badRequest),
        (getRequest(": b"), .badRequest),
        (getRequest("A b: c"), .badRequest),
        (getRequest("A(: b"), .badRequest),
        (getRequest("\u{E9}: b"), .badRequest),
        (getRequest("A"), .badRequest),
        ("GET / HTTP/1.1\r\n Host: a.example\r\n\r\n", .badRequest),
        // Host (RFC 9110 §7.2, RFC 9112 §3.2).
        ("GET / HTTP/1.1\r\n\r\n", .badRequest),
        (getRequest(hostLine), .badRequest),
        ("GET / HTTP/1.1\r\nHost:\r\n\r\n", .badRequest),
        ("GET / HTTP/1.1\r\nHost: :80\r\n\r\n", .badRequest),
        ("GET / HTTP/1.1\r\nHost: a b\r\n\r\n", .badRequest),
        ("GET / HTTP/1.1\r\nHost: u@a.example\r\n\r\n", .badRequest),
        ("GET / HTTP/1.1\r\nHost: a.example/\r\n\r\n", .badRequest),
        ("GET / HTTP/1.1\r\nHost: a.example:80:80\r\n\r\n", .badRequest),
        ("GET / HTTP/1.1\r\nHost: a.example:65536\r\n\r\n", .badRequest),
        ("GET / HTTP/1.1\r\nHost: a.example:+1\r\n\r\n", .badRequest),
        ("GET / HTTP/1.1\r\nHost: a%2\r\n\r\n", .badRequest),
        ("GET / HTTP/1.1\r\nHost: [::1\r\n\r\n", .badRequest),
        ("GET / HTTP/1.1\r\nHost: [x]\r\n\r\n", .badRequest),
        ("GET / HTTP/1.1\r\nHost: [::1]x\r\n\r\n", .badRequest),
        ("GET http://b.example/ HTTP/1.1\r\n\r\n", .badRequest),
        ("GET http://b.example/ HTTP/1.1\r\nHost: a b\r\n\r\n", .badRequest),
        ("GET / HTTP/1.0\r\nHost: a b\r\n\r\n", .badRequest),
        // Content (§6).
        (getRequest("Content-Length: 5\r\nTransfer-Encoding: chunked"), .badRequest),
        (getRequest("Transfer-Encoding: chunked\r\nContent-Length: 5"), .badRequest),
        (getRequest("Transfer-Encoding: x\r\nContent-Length: 0"), .badRequest),
        (getRequest("Content-Length: 5\r\nContent-Length: 6"), .badRequest),
        (getRequest("Content-Length: 5, 6"), .badRequest),
        (getRequest("Content-Length:"), .badRequest),
        (getRequest("Content-Length: ,"), .badRequest),
        (getRequest("Content-Length: 5\r\nContent-Length:"), .badRequest),
        (getRequest("Content-Length: +5"), .badRequest),
        (getRequest("Content-Length: -5"), .badRequest),
        (getRequest("Content-Length: 5 5"), .badRequest),
        (getRequest("Content-Length: 0x5"), .badRequest),
        (getRequest("Content-Length: 5.0"), .badRequest),
        (getRequest("Content-Length: 9223372036854775808"), .badRequest),
        (getRequest("Content-Length: 99999999999999999999999"), .badRequest),
        (getRequest("Content-Length: 9223372036854775807"), .contentTooLarge),
        (getRequest("Content-Length: 65537"), .contentTooLarge),
        (getRequest("Transfer-Encoding:"), .badRequest),
        (getRequest("Transfer-Encoding: chunked, gzip"), .badRequest),
        (getRequest("Transfer-Encoding: chunked, chunked"), .badRequest),
        (getRequest("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity"), .badRequest),
        (getRequest("Transfer-Encoding: gzip, chunked"), .notImplemented),
        (getRequest("Transfer-Encoding: identity"), .notImplemented),
        (getRequest("Transfer-Encoding: xchunked"), .notImplemented),
        (getRequest("Transfer-Encoding: chunked;x"), .notImplemented),
        ("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", .badRequest),
        // Single fields.
        (getRequest("Sec-WebSocket-Key: a\r\nSec-WebSocket-Key: a"), .badRequest),
        (getRequest("Sec-WebSocket-Version: 13\r\nSec-WebSocket-Version: 13"), .badRequest),
        (getRequest("Origin: a\r\nOrigin: a"), .badRequest),
        (getRequest("Expect: x"), .expectationFailed),
        (getRequest("Expect: 100-continue, x"), .expectationFailed),
    ])
    func refuses(text: String, status: HTTPStatus) {
        #expect(refusal(text) == status)
        for pieces in [UInt8](text).cuttings {
            #expect(refusal(pieces: pieces) == status)
        }
    }

    /// Input that can't become a request is rejected before its line or head ends.
    @Test(arguments: [
        "\u{16}", "(", "GET /\u{0}", "GET / HTTP/2.0\r\n", "GET / HTTP/1.1\r\n :\r\n",
    ])
    func refusesEarly(text: String) {
        #expect(refusal(text) != nil)
    }

    @Test func `a violation names its reason`() {
        do throws(RequestViolation) {
            _ = try parse(getRequest("A : b"))
            Issue.record("not refused")
        } catch {
            #expect(error.reason.contains("white space"))
        }
    }
}
