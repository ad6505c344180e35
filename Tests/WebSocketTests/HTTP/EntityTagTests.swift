import Testing
import WebSocket

@Suite struct EntityTagTests {
    /// RFC 9110 §13.1.2: the weak comparison.
    @Test(arguments: [
        ([], false),
        (["\"abc\""], true),
        (["W/\"abc\""], true),
        (["\"x\", \"abc\""], true),
        (["\"x\"", "\"abc\""], true),
        (["*"], true),
        (["\"ab\""], false),
        (["abc"], false),
        (["w/\"abc\""], false),
        (["\"abc-gzip\""], false),
        (["W/"], false),
    ])
    func `a client that has the current state is recognised`(values: [String], isKnown: Bool) throws
    {
        let (head, bytes) = try headWith("If-None-Match", values)
        #expect(EntityTag("abc").matches(head.ifNoneMatch, in: bytes.span) == isKnown)
    }
}
