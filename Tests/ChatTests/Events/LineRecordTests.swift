import TestSupport
import Testing

@testable import Chat

@Suite struct LineRecordTests {
    private func record(_ text: String) throws -> LineRecord {
        try LineRecord(text.utf8.span)
    }

    @Test(arguments: [
        ("ann", "hi"), ("ä\u{0301}", "a\"b\\c\n\r\t\u{0}\u{1F}\u{7F}"), ("🦫", "\u{2028}👩‍👩‍👧"),
    ])
    func `what an export writes is read unchanged`(username: String, message: String) throws {
        let time = Timestamp(milliseconds: 1_769_860_800_123)
        var bytes: [UInt8] = []
        EventWriter.line(
            room: .lobby, seq: 5, time: time, username: username, message: message, into: &bytes)
        let record = try LineRecord(bytes.span)
        #expect(record.room == .lobby && record.time == time)
        #expect(Array(record.username.utf8) == Array(username.utf8))
        #expect(Array(record.message.utf8) == Array(message.utf8))
        for end in bytes.indices {
            #expect(throws: Refusal.self) { try LineRecord(bytes.span.extracting(..<end)) }
        }
    }

    @Test(arguments: [
        Author(user: "u\"1"), Author(user: "u1", badge: .vip), Author(badge: .system),
    ])
    func `the author is read, too`(author: Author) throws {
        var bytes: [UInt8] = []
        EventWriter.line(
            room: .lobby, seq: 5, time: Timestamp(milliseconds: 0), username: "ann", message: "hi",
            by: author, into: &bytes)
        #expect(try LineRecord(bytes.span).author == author)
    }

    @Test func `a record may lack its room, and have other fields`() throws {
        let record = try record(
            #"{"time":"2026-01-31T12:00:00Z","x":[{}],"username":"ann","message":"hi"}"#)
        #expect(record.room == nil)
    }

    @Test(arguments: [
        (#"[]"#, "an array"),
        (#"{"username":"ann","message":"hi"}"#, "\"time\" is missing"),
        (
            #"{"time":"2026-01-31T12:00:00Z","username":"ann","message":"hi","role":"king"}"#,
            "\"role\""
        ),
        (#"{"time":1,"username":"ann","message":"hi"}"#, "\"time\" must be a string"),
        (#"{"time":"yesterday","username":"ann","message":"hi"}"#, "2026-01-31T12:00:00.123Z"),
        (#"{"time":"2026-01-31T12:00:00Z","message":"hi"}"#, "\"username\" is missing"),
        (#"{"time":"2026-01-31T12:00:00Z","username":"ann"}"#, "\"message\" is missing"),
        (#"{"room":"A b","time":"2026-01-31T12:00:00Z","username":"ann","message":"hi"}"#, "room"),
        (#"{"time":"2026-01-31T12:00:00Z","username":"ann","message":"hi"} x"#, "byte"),
    ])
    func `a record that isn't a line is refused with the reason`(text: String, reason: String) {
        let refusal = #expect(throws: Refusal.self) { try record(text) }
        #expect(refusal?.reason.contains(reason) ?? false, "\(String(describing: refusal))")
    }

    @Test(arguments: [
        ("1970-01-01T00:00:00Z", 0), ("2026-01-31T12:00:00.123Z", 1_769_860_800_123),
        ("2026-01-31t13:00:00.1239+01:00", 1_769_860_800_123),
        ("2026-01-31 00:30:00.1-11:30", 1_769_860_800_100),
        ("2000-02-29T00:00:00z", 951_782_400_000),
        ("9999-12-31T23:59:59.999Z", 253_402_300_799_999),
    ])
    func `a time of RFC 3339 is read`(text: String, milliseconds: Int64) {
        #expect(Timestamp(rfc3339: text.utf8.span)?.milliseconds == milliseconds)
    }

    @Test(arguments: [
        "", "2026", "2026-01-31", "2026-01-31T12:00:00", "2026-02-29T00:00:00Z",
        "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-01-00T00:00:00Z",
        "2026-01-31T24:00:00Z", "2026-01-31T12:60:00Z", "2026-01-31T12:00:60Z",
        "2026-01-31T12:00:00.Z", "2026-01-31T12:00:00+24:00", "2026-01-31T12:00:00Zx",
        "1969-12-31T23:59:59Z", "1970-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01",
        "2026-01-3\u{0661}T00:00:00Z", "+026-01-31T00:00:00Z",
    ])
    func `another text is no time`(text: String) {
        #expect(Timestamp(rfc3339: text.utf8.span) == nil)
    }

    @Test func `each day is read as it is written`() {
        for day in stride(from: Int64(0), to: 2_932_897, by: 17) {
            let time = Timestamp(milliseconds: day * 86_400_000)
            var bytes: [UInt8] = []
            time.append(to: &bytes)
            #expect(Timestamp(rfc3339: bytes.span) == time)
            #expect(Timestamp(date: bytes.span.extracting(..<10)) == time)
        }
    }
}
