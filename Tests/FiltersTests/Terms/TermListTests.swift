import Chat
import Testing

@testable import Filters

@Suite struct TermListTests {
    private static func list(_ terms: Term...) throws -> TermList {
        var list = TermList()
        try list.change(adding: terms)
        return list
    }

    @Test func blockComesBeforeHold() throws {
        let list = try Self.list(
            Term("first", .hold), Term("second", .block), Term("/th.rd/", .block),
            Term("/four/", .hold))
        #expect(list.match(FoldedText("first second"))?.text == "second")
        #expect(list.match(FoldedText("first third"))?.text == "/th.rd/")
        #expect(list.match(FoldedText("first four"))?.text == "first")
        #expect(list.match(FoldedText("four"))?.action == .hold)
        #expect(list.match(FoldedText("none")) == nil)
    }

    @Test func serverAndRoomBothCount() throws {
        let (server, room) = (
            try Self.list(Term("a", .hold), Term("b", .block)),
            try Self.list(Term("a", .block), Term("c", .hold))
        )
        func first(_ line: String) -> TermMatch? {
            .first(in: FoldedText(line), server: server, room: room)
        }
        #expect(first("a") == TermMatch(term: Term("a", .block), isServerWide: false))
        #expect(first("b c") == TermMatch(term: Term("b", .block), isServerWide: true))
        #expect(first("c") == TermMatch(term: Term("c", .hold), isServerWide: false))
        #expect(first("d") == nil)
        #expect(
            TermMatch.first(in: FoldedText("a"), server: server, room: nil)?.isServerWide == true)
        #expect(TermMatch.first(in: FoldedText("a"), server: nil, room: nil) == nil)
    }

    @Test func changes() throws {
        var list = try Self.list(
            Term("b", .block), Term("buy gold", .block), Term("buy gold now", .hold),
            Term("/x+y/", .hold))
        #expect(list.terms.map(\.text) == ["/x+y/", "b", "buy gold", "buy gold now"])
        try list.change(adding: [Term("b", .hold)], removing: ["/x+y/", "buy gold", "absent"])
        #expect(list["b"] == Term("b", .hold) && list.count == 2)
        #expect(list.match(FoldedText("xy")) == nil)
        #expect(list.match(FoldedText("buy gold")) == nil)
        #expect(list.match(FoldedText("buy gold now"))?.text == "buy gold now")
        try list.change(adding: [], removing: ["b", "buy gold now"])
        #expect(list.count == 0 && list.match(FoldedText("b buy gold now")) == nil)
    }

    @Test(arguments: [
        (
            "",
            "The term has no letter, digit or emoji: add one, or write a regular expression "
                + "between slashes."
        ),
        (
            " ?! ",
            "The term has no letter, digit or emoji: add one, or write a regular expression "
                + "between slashes."
        ),
        (
            String(repeating: "a", count: 201),
            "The term has 201 characters; at most 200 are allowed: shorten it."
        ),
        ("a b c d e f g h i", "The term has more than 8 words: shorten it."),
        ("/(a/", "The regular expression is broken: missing ): (a."),
        ("/a**/", "The regular expression is broken: bad repetition operator: **."),
        ("/a{1001}/", "The regular expression is broken: invalid repetition size: {1001}."),
        ("/(?=a)/", "The regular expression is broken: invalid perl operator: (?=."),
        (
            "/[ab]{900}[ab]{900}/",
            "The regular expression is too large: shorten it, or repeat less in it."
        ),
        (
            "/((a{100}){100}){100}/",
            "The regular expression is broken: invalid repetition size: {100}."
        ),
        (
            "/.*/",
            "The regular expression matches an empty text, so it would meet every line: narrow it."
        ),
        (
            "/" + String(repeating: "a", count: 200) + "/",
            "The term has 202 characters; at most 200 are allowed: shorten it."
        ),
    ])
    func refuses(term: String, reason: String) throws {
        var list = try Self.list(Term("kept", .block))
        #expect(throws: TermRefusal(reason: reason)) {
            try list.change(
                adding: [Term("other", .block), Term(term, .block)], removing: ["kept"])
        }
        #expect(list.terms.map(\.text) == ["kept"])
    }

    @Test func hasLimits() throws {
        var list = TermList()
        try list.change(adding: (0..<TermLimits.terms).map { Term("word\($0)", .block) })
        #expect(throws: TermRefusal.tooManyTerms) {
            try list.change(adding: [Term("more", .block)])
        }
        try list.change(adding: [Term("more", .block), Term("word2", .hold)], removing: ["word1"])
        #expect(list.count == TermLimits.terms)
        #expect(list.match(FoldedText("a word9999 here"))?.text == "word9999")

        var expressions = TermList()
        try expressions.change(
            adding: (0..<TermLimits.expressions).map { Term("/x\($0)/", .block) })
        #expect(throws: TermRefusal.tooManyExpressions) {
            try expressions.change(adding: [Term("/y/", .block)])
        }
        #expect(
            expressions.match(FoldedText("x42"))?.text == "/x4/"
                || expressions.match(FoldedText("x42"))?.text == "/x42/")
        var large = TermList()
        #expect(throws: TermRefusal.tooLargeTogether) {
            try large.change(adding: (0..<20).map { Term("/a[ab]{90}\($0)/", .block) })
        }
        var alike = TermList()
        let many = (0..<33).map { count in
            Term(String(repeating: "a", count: count + 1) + "b", .block)
        }
        #expect(throws: TermRefusal.tooManyAlike) { try alike.change(adding: many) }
        try alike.change(adding: many.dropLast())
    }

    /// However many phrases begin with the same words, a line of 30 000 words is done at once.
    @Test func hostilePhrasesStayLinear() throws {
        let phrases = (0..<2_000).map { Term("a a a a a a a\($0 % 50) b\($0)", .block) }
        var list = TermList()
        try list.change(adding: phrases)
        let line = FoldedText(String(repeating: "a ", count: 30_000))
        #expect(list.match(line) == nil)
    }
}
