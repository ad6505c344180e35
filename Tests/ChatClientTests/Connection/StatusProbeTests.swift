import Testing

@testable import ChatClient

@Suite struct StatusProbeTests {
    @Test(
        arguments: [
            ("HTTP/1.1 200 OK\r\n", 200), ("HTTP/1.1 503 S", 503), ("HTTP/1.1 200", nil),
            ("", nil), ("SSH-2.0 x y", 0), (String(repeating: "x", count: 256), 0),
            ("HTTP/1.1 abc def", 0),
        ] as [(String, Int?)])
    func `the status is the second word`(answer: String, status: Int?) {
        #expect(StatusProbe.status(of: Array(answer.utf8)) == status)
    }
}
