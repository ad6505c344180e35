import Testing

@testable import hubbub_load

@Suite struct OutcomeTests {
    private static func outcome(_ digest: UInt64?) -> Outcome {
        let span = Outcome.Span(from: 1, to: 2)
        var outcome = Outcome(opening: span, talk: span)
        (outcome.opened, outcome.orderDigest) = (5, digest)
        outcome.rounds = [Outcome.Round(span: span, connections: 4, back: 3)]
        return outcome
    }

    @Test func `the outcomes of several processes are merged`() throws {
        var second = Self.outcome(7)
        second.opening = Outcome.Span(from: 0, to: 9)
        second.violations = ["lost": 2]
        let parts = [Self.outcome(7), second]
        let whole = try #require(Outcome.merging(parts))
        #expect(whole.opened == 10)
        #expect(whole.opening == Outcome.Span(from: 0, to: 9))
        #expect(whole.rounds.map(\.back) == [6])
        #expect(whole.violations == ["lost": 2])
    }

    @Test func `processes that saw different orders are reported`() throws {
        let whole = try #require(Outcome.merging([Self.outcome(7), Self.outcome(8)]))
        #expect(whole.violations == ["disordered": 1])
        let same = try #require(Outcome.merging([Self.outcome(7), Self.outcome(nil)]))
        #expect(same.violations.isEmpty)
    }

    @Test func `words and orders can be encoded and decoded`() throws {
        let settings = Settings(scenario: .soak, url: "ws://a/")
        let share = Share(settings: settings, index: 1, count: 2, run: 3)
        let line = try JSONLine.encode(Order.begin(share, origin: 4))
        guard case .begin(share, origin: 4) = try JSONLine.decode(Order.self, line) else {
            Issue.record("another order came")
            return
        }
        let word = try JSONLine.encode(Word.talked(sent: [3: 4]))
        guard case .talked(sent: [3: 4]) = try JSONLine.decode(Word.self, word) else {
            Issue.record("another word came")
            return
        }
    }

    @Test func `whole lines are taken one by one`() {
        var bytes = Array("one\ntwo\nthr".utf8)
        #expect(JSONLine.take(from: &bytes) == Array("one".utf8))
        #expect(JSONLine.take(from: &bytes) == Array("two".utf8))
        #expect(JSONLine.take(from: &bytes) == nil)
        #expect(bytes == Array("thr".utf8))
    }
}
