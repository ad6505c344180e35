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
}
