import TestSupport
import Testing

@testable import WebSocket

@Suite struct RequestLineTests {
    private static let limits = HeadLimits(targetBytes: 30)

    private struct Seen: Equatable {
        var line: [Place] = []
        var method: RequestMethod?
        var isAsterisk = false
        var minorVersion = 0
        var violation: RequestViolation?

        init(
            _ bytes: [UInt8], in range: Range<Int>,
            _ parse: (Span<UInt8>, Range<Int>) throws(RequestViolation) -> RequestLine
        ) {
            do throws(RequestViolation) {
                let result = try parse(bytes.span, range)
                let target = result.target
                line = [Place(target.path), target.query, target.authority]
                (method, minorVersion) = (result.method, result.minorVersion)
                isAsterisk = target.isAsterisk
            } catch {
                violation = error
            }
        }
    }

    /// If the fast path takes a line, its result is that of the general one.
    @Test func `the fast path agrees with the general one`() {
        var generator = SplitMix64(seed: 7)
        let examples = [
            "GET / HTTP/1.1", "GET /ws HTTP/1.1", "GET /ws?room=go HTTP/1.1", "GET /?? HTTP/1.1",
            "GET /a HTTP/1.0", "POST / HTTP/1.1", "POST /a?b HTTP/1.1",
            "GET http://a.example/ HTTP/1.1",
            "GET  / HTTP/1.1", "GET / HTTP/1.1 HTTP/1.1", "GET /#", "OPTIONS * HTTP/1.1",
            "GET /12345678901234567890123456789 HTTP/1.1", "GET /123456789012345678901234567890",
            "GET /234567890123456789?12345678901 HTTP/1.1", "GET / HTTP/1.1", "GET /", "",
        ]
        var usual = 0
        for example in examples {
            for _ in 0..<1_000 {
                let line = [UInt8](example)
                let spoiled = line.isEmpty ? line : generator.spoil(line)
                let bytes = [0x0D, 0x0A] + spoiled + [0x0D, 0x0A]
                let range = 2..<2 + spoiled.count
                let long = Seen(bytes, in: range) { bytes, range throws(RequestViolation) in
                    try RequestLine.parseAny(bytes, in: range, limits: Self.limits)
                }
                let both = Seen(bytes, in: range) { bytes, range throws(RequestViolation) in
                    try RequestLine.parse(bytes, in: range, limits: Self.limits)
                }
                #expect(both == long, "\(String(decoding: spoiled, as: UTF8.self))")
                let short = RequestLine.parseUsual(bytes.span, in: range, limits: Self.limits)
                if short != nil { usual += 1 }
            }
        }
        #expect(usual > 1_000)
    }
}
