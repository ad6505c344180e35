import ChatClient
import Testing

@testable import hubbub

@Suite struct HealthTests {
    @Test(
        arguments: [
            ("http://a:1/readyz", false, "a", 1, "/readyz"),
            ("http://a:1", false, "a", 1, "/healthz"),
            ("HTTP://a:1/", false, "a", 1, "/healthz"),
            ("http://[::1]/readyz", false, "::1", 80, "/readyz"),
            ("https://a/readyz", true, "a", 443, "/readyz"),
        ] as [(String, Bool, String, UInt16, String)])
    func `the target is what was asked for`(
        url: String, isSecure: Bool, host: String, port: UInt16, path: String
    ) throws {
        let target = try Health.target(url)
        #expect(target.isSecure == isSecure)
        #expect(target.host == host)
        #expect(target.port == port)
        #expect(target.resource == path)
    }

    @Test(
        arguments: [
            ([:], "http://127.0.0.1:8080"),
            (["HUBBUB_PORT": "9000"], "http://127.0.0.1:9000"),
            (["HUBBUB_PORT": "tcp://10.0.0.1:80"], "http://127.0.0.1:8080"),
            (["HUBBUB_TLS_CERTIFICATE": "a.pem"], "https://127.0.0.1:8080"),
            (["HUBBUB_TLS_CERTIFICATE": ""], "http://127.0.0.1:8080"),
            (
                ["HUBBUB_TLS_CERTIFICATE": "a.pem", "HUBBUB_TLS_LISTEN": "8443"],
                "http://127.0.0.1:8080"
            ),
        ] as [([String: String], String)])
    func `without a URL it is the daemon of the same variables`(
        environment: [String: String], url: String
    ) {
        #expect(Health.local { environment[$0] } == url)
    }

    @Test(arguments: ["", "a:1", "ftp://a", "ws://a/ws", "http://", "http:/a", "http://a:99999/"])
    func `what isn't such a URL is refused`(url: String) {
        #expect(throws: Complaint.self) { try Health.target(url) }
    }
}
