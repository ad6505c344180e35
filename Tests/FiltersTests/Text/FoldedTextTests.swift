import TestSupport
import Testing

@testable import Filters

@Suite struct FoldedTextTests {
    @Test(arguments: [
        ("Hello, World!", "hello, world!"), ("", ""), (" A b ", " a b "),
        ("Ｆｕｌｌ　Ｗｉｄｔｈ", "full width"), ("ﬁne Straße ＡＢ①", "fine strasse ab1"),
        ("z\u{200B}e\u{200D}r\u{FEFF}o\u{2060}", "zero"), ("so\u{AD}ft", "soft"),
        ("\u{202E}right\u{202C} to \u{2067}left\u{2069}", "right to left"),
        ("v\u{FE0F}s\u{E0041}", "vs"), ("h\u{3164}f\u{115F}", "hf"),
        // Marks that no letter has, and accents that make another letter.
        ("s\u{336}t\u{336}r\u{336}", "str"), ("z\u{30D}\u{317}a\u{353}l\u{31A}", "zal"),
        ("an\u{303}o", "año"), ("1\u{FE0F}\u{20E3}", "1"), ("e\u{336}\u{301}", "é"),
        ("\u{AC00}\u{336}\u{11A8}", "\u{AC01}"), ("か\u{3099}", "が"), ("ﻛ\u{640}\u{640}ﻠﺐ", "كلب"),
    ])
    func folds(text: String, folded: String) {
        #expect(Array(FoldedText(text).text.utf8) == Array(folded.utf8))
    }

    @Test(arguments: [
        ("Don't stop_me, now!", ["don", "t", "stop", "me", "now"]), ("a1b2 3c", ["a1b2", "3c"]),
        ("", []), ("  ... ", []), ("😀👍🏽x", ["😀", "👍", "x"]), ("笨蛋です", ["笨", "蛋", "で", "す"]),
        ("このバカlol", ["こ", "の", "バカ", "lol"]), ("नमस्ते दुनिया", ["नमस्ते", "दुनिया"]),
        ("Привет, мир", ["привет", "мир"]), ("ไทย", ["ไ", "ท", "ย"]),
        ("שלום עולם", ["שלום", "עולם"]),
        ("x²", ["x2"]), ("bad\u{200B}word", ["badword"]), ("c++", ["c"]), ("🇩🇪", ["🇩", "🇪"]),
    ])
    func findsWords(text: String, words: [String]) {
        let folded = FoldedText(text).folded
        let found = folded.words.map {
            String(decoding: folded.bytes[$0.start..<$0.end], as: UTF8.self)
        }
        #expect(found.map { Array($0.utf8) } == words.map { Array($0.utf8) })
    }

    @Test(arguments: [
        ("fuсk", "fuck"), ("РОРЕ", "pope"), ("ЅHІТ", "shit"), ("α", "a"), ("Νazi", "nazi"),
        ("ɡɑme", "game"),
        ("ᴄоᴏl", "cool"), ("ѕnow lеораrd", "snow leopard"),
    ])
    func unmasks(text: String, disguised: String) {
        let form = FoldedText(text).disguised.map { String(decoding: $0.bytes, as: UTF8.self) }
        #expect(form == disguised)
    }

    /// Words of other alphabets that no word of Latin letters looks like.
    @Test(arguments: [
        "привет", "Нет", "что", "καλημέρα", "año", "naïve", "日本", "😀", "Zoë", "Ångström",
    ])
    func leavesOtherWords(text: String) {
        #expect(FoldedText(text).disguised == nil)
    }

    @Test func plainTextIsFoldedAlike() {
        var random = SplitMix64(seed: 11)
        for _ in 0..<2_000 {
            let text = Self.text(of: &random, from: 0x20..<0x7F)
            let (fast, slow) = (FoldedText(text).folded, WordText(folded: Folding.folded(text)))
            #expect(fast.bytes == slow.bytes && fast.words == slow.words, "\(text)")
            #expect(fast.hasDrawl == slow.hasDrawl, "\(text)")
        }
    }

    @Test(arguments: [
        0x20..<0x250 as Range<UInt32>, 0x250..<0x700, 0x300..<0x370, 0x900..<0x1300,
        0x1300..<0x3300, 0xA400..<0x11000, 0x1D000..<0x1FB00,
    ])
    func foldsToItself(range: Range<UInt32>) {
        var random = SplitMix64(seed: UInt64(range.lowerBound))
        for _ in 0..<500 {
            let text = Self.text(of: &random, from: range)
            let once = FoldedText(text)
            let twice = FoldedText(once.text)
            #expect(once.folded.bytes == twice.folded.bytes, "\(text.unicodeScalars.map(\.value))")
        }
    }

    /// Folding one character at a time and folding the whole text give the same.
    @Test(arguments: [
        0x20..<0x250 as Range<UInt32>, 0x250..<0x590, 0x300..<0x370, 0x590..<0x900, 0x900..<0x1300,
        0x1300..<0x2000, 0x1AB0..<0x2100, 0x2000..<0x3300, 0xA400..<0xD7FF, 0xF900..<0x11000,
        0x1D000..<0x1FB00,
    ])
    func charactersFoldAlone(range: Range<UInt32>) {
        var random = SplitMix64(seed: UInt64(range.lowerBound))
        for round in 0..<1_000 {
            // Invisible ones, strokes, vowels and letters of two alphabets in between.
            let text =
                Self.text(of: &random, from: range)
                + (round % 2 == 0 ? "a\u{200B}ѕ\u{336}\u{94D}\u{20E3}B" : "")
                + Self.text(of: &random, from: range)
            let (line, whole) = (FoldedText(text), FoldedText.joined(text))
            let values = text.unicodeScalars.map { String($0.value, radix: 16) }
            #expect(line.folded.bytes == whole.folded.bytes, "\(values)")
            #expect(line.folded.words == whole.folded.words, "\(values)")
            #expect(line.disguised?.bytes == whole.disguised?.bytes, "\(values)")
            #expect(line.disguised?.words == whole.disguised?.words, "\(values)")
        }
    }

    /// The usual texts of a language need no look at the whole.
    @Test(arguments: [
        "Привет всем", "Καλημέρα κόσμε", "naïve café", "नमस्ते दुनिया", "สวัสดีชาวโลก", "שלום עולם",
        "مرحبا بالعالم", "你好，世界", "こんにちは世界", "안녕하세요", "hello 😀👍🏽", "Xin chào thế giới", "ѕсаm",
    ])
    func usualTextsFoldQuickly(text: String) {
        #expect(FoldedCharacters.forms(of: text) != nil)
    }

    /// Reads nothing twice: a text of n copies has n times the words and bytes, and the number of
    /// forms doesn't grow.
    @Test(arguments: ["cool ", "сооl é ", "笨蛋\u{200B}", "aaab ", "z\u{336}\u{336}a "])
    func isLinear(text: String) {
        let (one, many) = (FoldedText(text), FoldedText(String(repeating: text, count: 500)))
        #expect(many.folded.words.count == 500 * one.folded.words.count)
        #expect(many.folded.bytes.count == 500 * one.folded.bytes.count)
        #expect(many.forms.count <= 5)
    }

    private static func text(of random: inout SplitMix64, from range: Range<UInt32>) -> String {
        var text = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0...24, using: &random) {
            let one = UInt32.random(in: range, using: &random)
            let scalar = Unicode.Scalar(one) ?? "x"
            for _ in 0...(Int.random(in: 0...5, using: &random) == 0 ? 3 : 0) {
                text.append(scalar)
            }
        }
        return String(text)
    }
}
