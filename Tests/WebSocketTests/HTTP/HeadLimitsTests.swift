import Testing
import WebSocket

@Suite struct HeadLimitsTests {
    private let limits = HeadLimits(headBytes: 200, targetBytes: 50, contentBytes: 10)

    /// A request whose head has this many bytes.
    private func request(headBytes: Int) -> String {
        let rest = "GET / HTTP/1.1\r\n" + hostLine + "A: \r\n\r\n"
        return getRequest("A: " + String(repeating: "x", count: headBytes - rest.utf8.count))
    }

    @Test func `a head over the limit gets 431`() throws {
        #expect(try parse(request(headBytes: 200), limits: limits)?.length == 200)
        let long = [UInt8](request(headBytes: 201))
        #expect(refusal(pieces: [long[...]], limits: limits) == .requestHeaderFieldsTooLarge)
        #expect(refusal(pieces: [long[..<199]], limits: limits) == nil)
        #expect(refusal(pieces: [long[..<200]], limits: limits) == .requestHeaderFieldsTooLarge)
    }

    @Test func `a target over the limit gets 414`() throws {
        func line(_ bytes: Int) -> String {
            "GET /" + String(repeating: "x", count: bytes - 1) + " HTTP/1.1\r\n"
        }
        #expect(try parse(line(50) + hostLine + "\r\n", limits: limits) != nil)
        #expect(refusal(line(51), limits: limits) == .uriTooLong)
        #expect(refusal(line(190), limits: limits) == .uriTooLong)
        #expect(refusal(line(1_000), limits: limits) == .uriTooLong)
        let endless = "GET /" + String(repeating: "x", count: 100)
        #expect(refusal(endless, limits: limits) == .uriTooLong)
    }

    @Test func `a line that never ends is rejected`() {
        let wide = HeadLimits(headBytes: 200, targetBytes: 1_000)
        let endless = [UInt8]("GET /" + String(repeating: "x", count: 500))
        #expect(refusal(pieces: [endless[..<199]], limits: wide) == nil)
        #expect(refusal(pieces: [endless[..<200]], limits: wide) == .uriTooLong)
    }

    @Test func `too many fields get 431`() throws {
        func request(fields: Int) -> String {
            getRequest((1..<fields).map { "A: \($0)" }.joined(separator: "\r\n"))
        }
        #expect(try parse(request(fields: 100)) != nil)
        #expect(refusal(request(fields: 101)) == .requestHeaderFieldsTooLarge)
    }

    @Test func `content over the limit gets 413`() throws {
        #expect(try parse(getRequest("Content-Length: 10"), limits: limits)?.content == .length(10))
        #expect(refusal(getRequest("Content-Length: 11"), limits: limits) == .contentTooLarge)
    }
}
