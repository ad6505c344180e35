import Testing
import WebSocket

private let host = "Host: a.example\r\n"

private func get(_ lines: String) -> String {
    "GET / HTTP/1.1\r\n" + host + lines + "\r\n\r\n"
}

@Suite struct RequestViolationTests {
    /// Each is refused with this status, in one piece, in two, and a byte at a time.
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
        (get("A: b\nC: d"), .badRequest),
        (get("A: b\rC: d"), .badRequest),
        (get("A: b\r\r"), .badRequest),
        (get("A: \0"), .badRequest),
        (get("A: \u{1}"), .badRequest),
        (get("A: \u{7F}"), .badRequest),
        (get("A : b"), .badRequest),
        (get("A\t: b"), .badRequest),
        (get(" A: b"), .badRequest),
        (get("A: b\r\n c"), .badRequest),
        (get("A: b\r\n\tc"), .badRequest),
        (get(": b"), .badRequest),
        (get("A b: c"), .badRequest),
        (get("A(: b"), .badRequest),
        (get("\u{E9}: b"), .badRequest),
        (get("A"), .badRequest),
        ("GET / HTTP/1.1\r\n Host: a.example\r\n\r\n", .badRequest),
        // Host (RFC 9110 §7.2, RFC 9112 §3.2).
        ("GET / HTTP/1.1\r\n\r\n", .badRequest),
        (get(host), .badRequest),
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
        (get("Content-Length: 5\r\nTransfer-Encoding: chunked"), .badRequest),
        (get("Transfer-Encoding: chunked\r\nContent-Length: 5"), .badRequest),
        (get("Transfer-Encoding: x\r\nContent-Length: 0"), .badRequest),
        (get("Content-Length: 5\r\nContent-Length: 6"), .badRequest),
        (get("Content-Length: 5, 6"), .badRequest),
        (get("Content-Length:"), .badRequest),
        (get("Content-Length: ,"), .badRequest),
        (get("Content-Length: 5\r\nContent-Length:"), .badRequest),
        (get("Content-Length: +5"), .badRequest),
        (get("Content-Length: -5"), .badRequest),
        (get("Content-Length: 5 5"), .badRequest),
        (get("Content-Length: 0x5"), .badRequest),
        (get("Content-Length: 5.0"), .badRequest),
        (get("Content-Length: 9223372036854775808"), .badRequest),
        (get("Content-Length: 99999999999999999999999"), .badRequest),
        (get("Content-Length: 9223372036854775807"), .contentTooLarge),
        (get("Content-Length: 65537"), .contentTooLarge),
        (get("Transfer-Encoding:"), .badRequest),
        (get("Transfer-Encoding: chunked, gzip"), .badRequest),
        (get("Transfer-Encoding: chunked, chunked"), .badRequest),
        (get("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity"), .badRequest),
        (get("Transfer-Encoding: gzip, chunked"), .notImplemented),
        (get("Transfer-Encoding: identity"), .notImplemented),
        (get("Transfer-Encoding: xchunked"), .notImplemented),
        (get("Transfer-Encoding: chunked;x"), .notImplemented),
        ("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", .badRequest),
        // Single fields.
        (get("Sec-WebSocket-Key: a\r\nSec-WebSocket-Key: a"), .badRequest),
        (get("Sec-WebSocket-Version: 13\r\nSec-WebSocket-Version: 13"), .badRequest),
        (get("Origin: a\r\nOrigin: a"), .badRequest),
        (get("Expect: x"), .expectationFailed),
        (get("Expect: 100-continue, x"), .expectationFailed),
    ])
    func refuses(text: String, status: HTTPStatus) {
        #expect(refusal(text) == status)
        for pieces in [UInt8](text).cuttings {
            #expect(refusal(pieces: pieces) == status)
        }
    }

    /// What can't become a request any more is refused before its line or its head ends.
    @Test(arguments: [
        "\u{16}", "(", "GET /\u{0}", "GET / HTTP/2.0\r\n", "GET / HTTP/1.1\r\n :\r\n",
    ])
    func refusesEarly(text: String) {
        #expect(refusal(text) != nil)
    }

    @Test func saysWhy() {
        do throws(RequestViolation) {
            _ = try parse(get("A : b"))
            Issue.record("not refused")
        } catch {
            #expect(error.reason.contains("white space"))
        }
    }
}

@Suite struct HeadLimitsTests {
    private let limits = HeadLimits(headBytes: 200, targetBytes: 50, contentBytes: 10)

    /// A request whose head has this many bytes.
    private func request(headBytes: Int) -> String {
        let rest = "GET / HTTP/1.1\r\n" + host + "A: \r\n\r\n"
        return get("A: " + String(repeating: "x", count: headBytes - rest.utf8.count))
    }

    @Test func boundsTheHead() throws {
        #expect(try parse(request(headBytes: 200), limits: limits)?.length == 200)
        let long = [UInt8](request(headBytes: 201))
        #expect(refusal(pieces: [long[...]], limits: limits) == .requestHeaderFieldsTooLarge)
        #expect(refusal(pieces: [long[..<199]], limits: limits) == nil)
        #expect(refusal(pieces: [long[..<200]], limits: limits) == .requestHeaderFieldsTooLarge)
    }

    @Test func boundsTheTarget() throws {
        func line(_ bytes: Int) -> String {
            "GET /" + String(repeating: "x", count: bytes - 1) + " HTTP/1.1\r\n"
        }
        #expect(try parse(line(50) + host + "\r\n", limits: limits) != nil)
        #expect(refusal(line(51), limits: limits) == .uriTooLong)
        #expect(refusal(line(190), limits: limits) == .uriTooLong)
        #expect(refusal(line(1_000), limits: limits) == .uriTooLong)
        let endless = "GET /" + String(repeating: "x", count: 100)
        #expect(refusal(endless, limits: limits) == .uriTooLong)
    }

    @Test func boundsALineThatNeverEnds() {
        let wide = HeadLimits(headBytes: 200, targetBytes: 1_000)
        let endless = [UInt8]("GET /" + String(repeating: "x", count: 500))
        #expect(refusal(pieces: [endless[..<199]], limits: wide) == nil)
        #expect(refusal(pieces: [endless[..<200]], limits: wide) == .uriTooLong)
    }

    @Test func boundsTheFields() throws {
        func request(fields: Int) -> String {
            get((1..<fields).map { "A: \($0)" }.joined(separator: "\r\n"))
        }
        #expect(try parse(request(fields: 100)) != nil)
        #expect(refusal(request(fields: 101)) == .requestHeaderFieldsTooLarge)
    }

    @Test func boundsTheContent() throws {
        #expect(try parse(get("Content-Length: 10"), limits: limits)?.content == .length(10))
        #expect(refusal(get("Content-Length: 11"), limits: limits) == .contentTooLarge)
    }
}
