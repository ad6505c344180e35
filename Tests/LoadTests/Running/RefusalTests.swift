import Testing

@testable import hubbub_load

@Suite struct RefusalTests {
    @Test(arguments: [
        ("rate_limited", "--lines-per-second 0"),
        ("message_too_long", "--max-text-characters"),
        ("invalid_username", "--max-username-characters"),
        ("store_unavailable", "store_unavailable: Try later."),
    ])
    func `a refusal is reported with its remedy`(code: String, remedy: String) throws {
        let text = #"{"type":"error","code":"\#(code)","reason":"Try later.","retry_after_ms":9}"#
        let refusal = Refusal(Array(text.utf8).span)
        let failure = try #require(refusal).failure(connection: 5).description
        #expect(failure.hasPrefix("connection 5: "))
        #expect(failure.contains("Try later."))
        #expect(failure.contains(remedy))
    }

    @Test(arguments: [
        #"{"type":"message","username":"error","message":"\"error\""}"#, #""error""#, "error",
        #"{"error":1}"#, "",
    ])
    func `other texts aren't refusals`(text: String) {
        let refusal = Refusal(Array(text.utf8).span)
        #expect(refusal == nil)
    }
}
