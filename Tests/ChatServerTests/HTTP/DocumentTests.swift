import Simulation
import Testing

@Suite struct DocumentTests {
    private func get(
        _ target: String, _ fields: String..., host: String = "chat.example",
        origins: [String] = []
    ) throws -> HTTPResponse {
        var response: HTTPResponse?
        try play(origins: origins) { simulation in
            let lines = (["GET \(target) HTTP/1.1", "Host: \(host)"] + fields)
                .map { $0 + "\r\n" }.joined()
            response = simulation.ask(lines + "\r\n").responses?.last
        }
        return try #require(response)
    }

    @Test(arguments: [
        "/", "/?room=go", "/r/go", "/r/a.b_c-9", "/hubbub.js", "/admin", "/examples",
    ])
    func `a document is served once and then only revalidated`(_ target: String) throws {
        let response = try get(target)
        #expect(response.status == 200)
        #expect(response.fields["vary"] == "Accept-Encoding")
        #expect(response.fields["cache-control"] == "no-cache")
        #expect(response.fields["x-content-type-options"] == "nosniff")
        #expect(response.fields["content-encoding"] == nil)
        let tag = try #require(response.fields["etag"])
        let again = try get(target, "If-None-Match: \(tag)")
        #expect(again.status == 304)
        #expect(again.content.isEmpty)
        #expect(again.fields["content-length"] == nil)
        #expect(again.fields["etag"] == tag)
        #expect(try get(target, "If-None-Match: \"other\"").status == 200)
    }

    @Test(arguments: ["/", "/hubbub.js", "/examples"])
    func `each coding has its own tag`(_ target: String) throws {
        let plain = try get(target)
        let packed = try get(target, "Accept-Encoding: gzip, br")
        #expect(packed.fields["content-encoding"] == "gzip")
        #expect(packed.fields["vary"] == "Accept-Encoding")
        let tag = try #require(packed.fields["etag"])
        #expect(tag != plain.fields["etag"])
        let lengths = [packed, plain].map { $0.fields["content-length"].flatMap { Int($0) } ?? 0 }
        #expect(lengths[0] > 0 && lengths[0] < lengths[1] * 6 / 10)
        #expect(try get(target, "Accept-Encoding: gzip", "If-None-Match: \(tag)").status == 304)
        #expect(try get(target, "If-None-Match: \(tag)").status == 200)
        #expect(try get(target, "Accept-Encoding: gzip;q=0").fields["etag"] == plain.fields["etag"])
    }

    @Test func `the page stays within its size and allows no other scripts`() throws {
        let page = try get("/")
        #expect(page.content.utf8.count <= 60_000)
        #expect(page.content.contains("Welcome to the Chat Room!"))
        #expect(!page.content.contains("<style></style>"))
        #expect(!page.content.contains(" style=") && !page.content.contains(" onclick="))
        let policy = try #require(page.fields["content-security-policy"])
        for part in [
            "default-src 'none'", "script-src 'self' 'sha256-", "style-src 'sha256-",
            "connect-src 'self' ws://chat.example wss://chat.example;", "base-uri 'none'",
            "form-action 'none'", "frame-ancestors 'self'",
            "require-trusted-types-for 'script'",
        ] {
            #expect(policy.contains(part))
        }
        #expect(!policy.contains("-inline'") && !policy.contains("-eval'"))
        #expect(page.fields["x-frame-options"] == "SAMEORIGIN")
        #expect(page.fields["referrer-policy"] == "no-referrer")
        #expect(page.fields["cross-origin-opener-policy"] == "same-origin")
        #expect(page.fields["permissions-policy"]?.contains("camera=()") == true)
        #expect(page.fields["server"] == nil)
    }

    @Test(arguments: [
        ("[2001:db8::1]:8080", " ws://[2001:db8::1]:8080 wss://[2001:db8::1]:8080"),
        ("a_b.example:81", " ws://a_b.example:81 wss://a_b.example:81"),
        // Policies contain these signs.
        ("a.example;script-src", ""), ("a.example,b", ""), ("*", ""), ("'none'", ""),
    ])
    func `the page may connect to the host of the request, by its name`(
        host: String, sources: String
    ) throws {
        for target in ["/", "/r/go", "/examples"] {
            let page = try get(target, host: host)
            #expect(page.status == 200)
            let policy = try #require(page.fields["content-security-policy"])
            #expect(policy.hasPrefix("connect-src 'self'\(sources); default-src 'none'"))
        }
    }

    @Test func `sites that may connect may show the page in a frame`() throws {
        let page = try get("/", origins: ["https://a.example", "https://b.example:8443"])
        let policy = try #require(page.fields["content-security-policy"])
        #expect(policy.hasSuffix("frame-ancestors 'self' https://a.example https://b.example:8443"))
        #expect(page.fields["x-frame-options"] == nil)
    }

    @Test func `any site may load the library`() throws {
        let library = try get("/hubbub.js")
        #expect(library.content.utf8.count <= 16_384)
        #expect(library.fields["content-type"] == "text/javascript; charset=utf-8")
        #expect(library.fields["access-control-allow-origin"] == "*")
        #expect(library.fields["cross-origin-resource-policy"] == "cross-origin")
    }

    @Test(arguments: [
        "/r/a/b", "/r/a%20b", "/r/" + String(repeating: "x", count: 65),
    ])
    func `an invalid room has no page`(_ target: String) throws {
        let response = try get(target)
        #expect(response.status == 404)
        #expect(response.content.hasPrefix("A room's name has 1 to 64 characters of a-z, 0-9"))
    }
}
