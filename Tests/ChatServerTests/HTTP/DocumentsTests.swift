import Testing
import WebSocket

@testable import ChatServer

@Suite struct DocumentsTests {
    private func fields(
        _ document: ReadyDocument?, _ name: String, host: String = "chat.example"
    ) -> [String] {
        let bytes = Array(host.utf8)
        let all = document?.fields(authority: bytes.indices, in: bytes.span) ?? []
        return all.filter { $0.name == name }.map(\.value)
    }

    @Test(arguments: Route.allCases)
    func `a document is available at its route in both codings`(route: Route) throws {
        var pool = ChunkPool()
        let documents = Documents(origins: [], pool: &pool)
        let document: Document? =
            switch route {
            case .page: WebPage.chat.document
            case .library: .library
            case .moderation: .moderation
            case .admin: WebPage.admin.document
            case .examples: WebPage.examples.document
            case .chat, .health, .readiness, .metrics: nil
            }
        #expect(documents[route]?.document.plain.tag == document?.plain.tag)
        if document != nil {
            let ready = try #require(documents[route])
            let plain = pool.bytes(of: ready.chunk(.identity))
            #expect(plain == ready.document.plain.content)
            #expect(pool.bytes(of: ready.chunk(.gzip)) == ready.document.packed.content)
            #expect(ready.document[.gzip].coding == .gzip)
            #expect(ready.document.packed.content.count < plain.count)
            let none: [UInt8] = []
            let fields = ready.fields(authority: nil, in: none.span)
            #expect(fields.starts(with: ready.document.fields))
        }
        // Two chunks for each of six documents.
        #expect(pool.count == 12)
    }

    @Test(
        arguments: [
            ([], "frame-ancestors 'self'"),
            (["https://a.example"], "frame-ancestors 'self' https://a.example"),
        ] as [([String], String)])
    func `only pages name the sites that may frame them`(origins: [String], policy: String) {
        var pool = ChunkPool()
        let documents = Documents(origins: origins, pool: &pool)
        for route in [Route.page, .examples] {
            let policies = fields(documents[route], "Content-Security-Policy")
            #expect(policies.count == 1)
            #expect(policies.first?.hasSuffix(policy) == true)
            #expect(
                fields(documents[route], "X-Frame-Options")
                    == (origins.isEmpty ? ["SAMEORIGIN"] : []))
        }
        #expect(fields(documents[.library], "Content-Security-Policy") == [])
        #expect(fields(documents[.library], "Access-Control-Allow-Origin") == ["*"])
    }

    @Test(
        arguments: [
            ("a.example:8443", "connect-src 'self' ws://a.example:8443 wss://a.example:8443; "),
            ("[::1]:80", "connect-src 'self' ws://[::1]:80 wss://[::1]:80; "),
            ("a.example; script-src *", "connect-src 'self'; "), ("a b", "connect-src 'self'; "),
        ])
    func `pages name their own server for WebSocket`(host: String, policy: String) {
        var pool = ChunkPool()
        let documents = Documents(origins: [], pool: &pool)
        for route in [Route.page, .examples] {
            let policies = fields(documents[route], "Content-Security-Policy", host: host)
            #expect(policies.first?.hasPrefix(policy) == true)
        }
    }
}
