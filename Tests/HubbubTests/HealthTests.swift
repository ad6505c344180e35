import ChatClient
import Testing

@testable import hubbub

@Suite struct HealthTests {
    @Test(
        arguments: [
            (nil, nil, "127.0.0.1", 8_080, "/healthz"),
            (nil, "9000", "127.0.0.1", 9_000, "/healthz"),
            (nil, "tcp://10.0.0.1:80", "127.0.0.1", 8_080, "/healthz"),
            ("http://a:1/readyz", "9000", "a", 1, "/readyz"),
            ("http://a:1", nil, "a", 1, "/healthz"),
            ("HTTP://a:1/", nil, "a", 1, "/healthz"),
            ("http://[::1]/readyz", nil, "::1", 80, "/readyz"),
        ] as [(String?, String?, String, UInt16, String)])
    func `the target is what was asked for, or this machine's daemon`(
        url: String?, variable: String?, host: String, port: UInt16, path: String
    ) throws {
        let target = try Health.target(url, port: variable)
        #expect(target.host == host)
        #expect(target.port == port)
        #expect(target.resource == path)
    }

    @Test(arguments: ["", "a:1", "https://a", "ws://a/ws", "http://", "http://a:99999/"])
    func `what isn't such a URL is refused`(url: String) {
        #expect(throws: Complaint.self) { try Health.target(url, port: nil) }
    }

    @Test(
        arguments: [
            ("HTTP/1.1 200 OK\r\n", 200), ("HTTP/1.1 503 S", 503), ("HTTP/1.1 200", nil),
            ("", nil), ("SSH-2.0 x y", 0), (String(repeating: "x", count: 256), 0),
            ("HTTP/1.1 abc def", 0),
        ] as [(String, Int?)])
    func `the status is the second word`(answer: String, status: Int?) {
        #expect(HealthProbe.status(of: Array(answer.utf8)) == status)
    }
}
