import Chat
import Filters
import Testing

/// Lines that try to hide a term, and innocent lines that have its letters.
@Suite struct EvasionTests {
    @Test(arguments: [
        ("cool", "that is coool"), ("cool", "COOOOOL!"), ("bad", "baaaad"),
        ("asshole", "assssholllleee"),
        ("bad", "so bad."), ("bad", "(bad)"), ("bad", "*bad*"), ("bad", "_bad_"),
        ("bad", "\"bad\""), ("bad", "it's bad's"),
        ("bad", "b\u{200B}a\u{200D}d"), ("bad", "ba\u{AD}d"), ("bad", "\u{FEFF}bad"),
        ("bad", "b\u{2060}ad"),
        ("bad", "ＢＡＤ"), ("bad", "𝐛𝐚𝐝"), ("bad", "ⓑⓐⓓ"), ("bad", "𝓫𝓪𝓭"),
        ("bad", "b\u{336}a\u{336}d\u{336}"),
        ("bad", "b\u{34F}ad"), ("bad", "b\u{FE0F}ad"), ("bad", "b\u{E0062}ad"),
        ("bad", "b\u{30D}\u{31B}ad"),
        ("bad", "\u{202E}bad\u{202C}"), ("bad", "\u{2067}bad"), ("bad", "b\u{200E}ad"),
        ("scam", "ѕсаm"), ("scam", "SСАM"), ("hope", "НОРЕ"), ("nazi", "Νazi"), ("game", "ɡɑme"),
        ("coop", "СООООР"),
        ("Straße", "STRASSE"), ("fish", "ﬁsh"), ("год", "ГООООД"), ("κακό", "ΚΑΚΌ"),
        ("笨蛋", "你是笨蛋吗"), ("笨蛋", "笨 蛋"),
        ("バカ", "このバカ"), ("كلب", "كـــلب"), ("🍆", "hi 🍆"), ("👍", "👍🏽"), ("xxx", "xxxxx"),
        ("buy gold", "please BUY  gold now"), ("buy gold", "buy-gold"), ("self-harm", "self harm"),
        ("don't", "I don’t"),
        ("c++", "I like C++"), ("a$$", "what an A$$!"), ("@everyone", "hey @Everyone"),
        ("f**k", "f**k it"), (" bad ", "bad"),
        ("/b[a4]d/", "so B4D"), ("/^bad$/", "bad"), ("/cool/", "coooool"), ("/scam/", "ѕсаm"),
        ("/[A-Z]{5}/", "hello"),
        ("/(?-i)[A-Z]{5}/", "HELLO"), ("/bad/i", "bad"), ("/x\\.y/", "x．y"),
        ("/\\x{200B}/", "a\u{200B}b"),
    ])
    func meets(term: String, line: String) throws {
        var list = TermList()
        try list.change(adding: [Term(term, .block)])
        #expect(list.match(FoldedText(line))?.text == term)
    }

    @Test(arguments: [
        ("cunt", "Scunthorpe"), ("ass", "class assess passport as"), ("ass", "as"), ("as", "ass"),
        ("cool", "col"), ("col", "cool"),
        ("clas", "class"), ("god", "good"), ("good", "god"), ("tit", "title constitution"),
        ("hell", "hello shell"),
        ("cum", "document cucumber cumulative"), ("bum", "burn"), ("ano", "un año"),
        ("sex", "Essex sextet"), ("bad", "b a d"), ("bad", "b4d"),
        ("cock", "peacock Hancock"), ("xxx", "xx"), ("cop", "копия сорт"),
        ("buy gold", "buy silver gold"), ("buy gold", "gold buy"),
        ("c++", "c"), ("@everyone", "everyone"), ("a$$", "a"), ("f**k", "f k"), ("バカ", "バカンス"),
        ("рок", "порок"), ("100", "1000"),
        ("нет", "интернет"), ("/^bad$/", "too bad"), ("/(?-i)[A-Z]{5}/", "hello"),
        ("anal", "analysis canal"), ("rape", "grape drapes"),
    ])
    func doesNotMeet(term: String, line: String) throws {
        var list = TermList()
        try list.change(adding: [Term(term, .block)])
        #expect(list.match(FoldedText(line)) == nil)
    }
}
