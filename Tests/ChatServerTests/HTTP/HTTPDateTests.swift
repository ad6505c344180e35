import Testing

@testable import ChatServer

@Suite struct HTTPDateTests {
    @Test(
        arguments: [
            // The example of RFC 9110 section 5.6.7.
            (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),
            (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
            (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"),
            (1_769_860_800, "Sat, 31 Jan 2026 12:00:00 GMT"),
        ] as [(Int64, String)])
    func `a time is written in the format of HTTP`(second: Int64, text: String) {
        #expect(HTTPDate.text(at: second) == text)
    }
}
