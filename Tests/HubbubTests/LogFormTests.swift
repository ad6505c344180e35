import Foundation
import Logging
import Testing

@testable import hubbub

@Suite struct LogFormTests {
    @Test(
        arguments: [
            (nil, .plain), ("", .plain), ("8:99", .journal), ("8:98", .plain), ("9:99", .plain),
            ("8", .plain), ("8:99:1", .plain), ("a:b", .plain),
        ] as [(String?, LogForm)])
    func `the journal is recognised by the numbers of its stream`(text: String?, form: LogForm) {
        #expect(LogForm(journalStream: text) { $0 == 8 && $1 == 99 } == form)
    }

    @Test func `the journal gets the level as a number and no time`() {
        let levels = Logger.Level.allCases.map { level in
            LogText.entry(level, "it\nhappened", ["a": "b c"], form: .journal)
        }
        let numbers = [7, 7, 6, 5, 4, 3, 2]
        #expect(levels == numbers.map { #"<\#($0)>it\nhappened a="b c""# })
        let plain = LogText.entry(.warning, "it happened", [:], form: .plain)
        #expect(plain.hasSuffix("Z warning it happened"))
    }

    @Test func `an entry in JSON is one line that says all, whatever the texts are`() throws {
        let texts = [
            "", "a \"b\" \\ c", "two\nlines\r", "\u{0}\u{1B}[31m", "é 😀", "\u{2028}\u{E0001}",
        ]
        for text in texts {
            let entry = LogText.entry(
                .error, text, ["name": "\(text)", "level": "1", "time": "2"], form: .json)
            let isVisible = entry.unicodeScalars.allSatisfy { scalar in
                !scalar.properties.isDefaultIgnorableCodePoint && scalar.value >= 0x20
                    && scalar != "\u{2028}"
            }
            #expect(isVisible)
            let fields = try JSONDecoder().decode([String: String].self, from: Data(entry.utf8))
            #expect(fields["time"]?.hasSuffix("Z") == true)
            let expected = [
                "level": "error", "message": text, "name": text, "level_": "1", "time_": "2",
            ]
            #expect(fields.filter { $0.key != "time" } == expected)
        }
    }
}
