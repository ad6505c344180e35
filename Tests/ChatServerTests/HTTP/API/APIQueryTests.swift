import Testing
import WebSocket

@testable import ChatServer

@Suite struct APIQueryTests {
    private static func query(_ text: String) throws(Problem) -> APIQuery {
        let bytes = Array(text.utf8)
        return try APIQuery(0..<bytes.count, in: bytes.span)
    }

    @Test func `fields are decoded, and unknown ones ignored`() throws {
        let query = try Self.query("a=%&limit=%31%30&&after=a+b%2Bc%C3%A4&x")
        #expect(try query.whole(.limit, in: 1...200) == 10)
        #expect(query.text(.after) == "a b+cä")
        #expect(query.text(.before) == nil)
        #expect(try query.whole(.before, in: 0...UInt64.max) == nil)
        #expect(try Self.query("format=ndjson").choice(.format, of: ["json", "ndjson"]) == 1)
        #expect(try Self.query("").choice(.format, of: ["json"]) == nil)
    }

    @Test(arguments: [
        "limit=0", "limit=201", "limit=", "limit", "limit=+1", "limit=-1", "limit=1.0",
        "limit=1e2", "limit=%", "limit=%ff", "limit=1&limit=1", "limit=1&%6cimit=2",
        "limit=99999999999999999999",
    ])
    func `a wrong number is refused, and the field named`(text: String) {
        let problem = #expect(throws: Problem.self) {
            try Self.query(text).whole(.limit, in: 1...200)
        }
        #expect(problem?.status == .unprocessableContent)
        #expect(problem?.reason.contains("limit") == true)
    }

    @Test func `a wrong choice is refused`() {
        for text in ["format=", "format=JSON", "format=xml"] {
            #expect(throws: Problem.self) {
                try Self.query(text).choice(.format, of: ["json", "ndjson"])
            }
        }
    }
}
