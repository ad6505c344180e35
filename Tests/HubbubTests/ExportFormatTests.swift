import Chat
import Testing

@testable import hubbub

@Suite struct ExportFormatTests {
    private func text(_ format: some ExportFormat, _ lines: [Line]) -> String {
        var (format, buffer) = (format, [UInt8]())
        format.begin(.lobby, into: &buffer)
        for line in lines { format.append(line, of: .lobby, into: &buffer) }
        format.end(into: &buffer)
        return String(decoding: buffer, as: UTF8.self)
    }

    private func line(_ username: String, _ message: String, days: Int64 = 0) -> Line {
        Line(
            seq: 5, time: Timestamp(milliseconds: days * 86_400_000), username: username,
            message: message)
    }

    @Test func `a record is the event of the line`() {
        #expect(
            text(ExportRecords(), [line("ann", "hi")]) == """
                {"type":"message","room":"lobby","seq":5,"time":"1970-01-01T00:00:00.000Z",\
                "username":"ann","message":"hi"}

                """)
    }

    @Test(arguments: [
        ("hi", "hi"), ("a,\"b\"\r\nc", "a,\"\"b\"\"\r\nc"), ("=1+1", "'=1+1"), ("+1", "'+1"),
        ("-1", "'-1"), ("@x", "'@x"), ("\t=1", "'\t=1"), ("  =1", "'  =1"), ("＝1", "'＝1"),
        ("a=1", "a=1"),
    ])
    func `a field of a table is quoted, and no formula`(message: String, field: String) {
        let rows = text(ExportTable(), [line("@ann", message)])
        #expect(
            rows == "room,seq,time,username,message\r\n"
                + "\"lobby\",5,1970-01-01T00:00:00.000Z,\"'@ann\",\"\(field)\"\r\n")
    }

    @Test func `texts in a page are escaped`() {
        let page = text(
            ExportPage(),
            [line("<b>\"'", "a & b\r\nc\rd\u{0}\u{1B}\u{7F}\u{9B}"), line("ann", "x", days: 1)])
        #expect(page.contains("<bdi>&lt;b&gt;&quot;&#39;</bdi>"))
        #expect(page.contains(">a &amp; b\nc\nd\u{2400}\u{241B}\u{2421}\u{FFFD}</p>"))
        #expect(page.contains("<h2>1970-01-01</h2>") && page.contains("<h2>1970-01-02</h2>"))
        #expect(page.contains("2 lines.") && !page.contains("<script"))
        #expect(page.split(separator: "<ol>").count == page.split(separator: "</ol>").count)
    }

    @Test(arguments: [
        ("7", ExportBound.seq(7)),
        ("2026-01-31T12:00:00.123Z", .time(Timestamp(milliseconds: 1_769_860_800_123))),
        ("1970-01-02", .time(Timestamp(milliseconds: 2 * 86_400_000 - 1))),
    ])
    func `a bound is a number, a time or a day`(text: String, bound: ExportBound) {
        #expect(ExportBound(text, isEnd: true) == bound)
    }

    @Test(arguments: ["", "-1", "+1", "1.5", "yesterday", "2026-02-30", "99999999999999999999999"])
    func `another text is no bound`(text: String) {
        #expect(ExportBound(text, isEnd: false) == nil)
    }

    @Test func `a range has both of its ends`() {
        let day = Timestamp(milliseconds: 86_400_000)
        let range = ExportRange(from: .time(day), to: .time(day))
        #expect(range.contains(day))
        #expect(!range.contains(Timestamp(milliseconds: 86_399_999)))
        #expect(!range.contains(Timestamp(milliseconds: 86_400_001)))
        let numbers = ExportRange(from: .seq(0), to: .seq(7))
        #expect((numbers.firstSeq, numbers.lastSeq(of: 5), numbers.lastSeq(of: 9)) == (1, 5, 7))
    }
}
