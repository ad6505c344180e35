import TestSupport
import Testing

@testable import Filters

@Suite struct NameSkeletonTests {
    /// Pairs of which the second could pass for the first.
    @Test(arguments: [
        ("ann", "Ann"), ("Ann", "ANN"), ("Straße", "STRASSE"), ("Ατη", "ΑΤΗ"), ("Жанна", "ЖАННА"),
        // Other scripts, in part and whole.
        ("Ann", "Аnn"), ("Ann", "Αnn"), ("pope", "роре"), ("POPE", "РОРЕ"), ("HEAT", "НЕАТ"),
        ("heat", "НЕАТ"), ("Nate", "ΝΑΤΕ"), ("Ivan", "Іvаn"), ("ivan", "ІVАN"), ("Ann", "Ꭺnn"),
        ("scope", "ѕсоре"), ("Bob", "Βοb"), ("gina", "ɡinɑ"),
        // Compatibility forms.
        ("Ann", "Ａｎｎ"), ("Ann", "𝐀𝐧𝐧"), ("Ann", "𝒜𝓃𝓃"), ("Ann", "Ⓐⓝⓝ"), ("fin", "ﬁn"),
        // Invisible characters.
        ("Ann", "A\u{200B}nn"), ("Ann", "Ann\u{200D}"), ("Ann", "\u{2060}Ann"),
        ("Ann", "A\u{AD}nn"),
        ("Ann", "\u{202E}Ann\u{202C}"), ("Ann", "A\u{FE0F}nn"), ("Ann", "Ann\u{3164}"),
        ("Ann", "A\u{E0061}nn"), ("Ann", "A\u{34F}nn"), ("Ann", "Ann\u{2800}"),
        ("Ann Lee", "Ann\u{A0}Lee"), ("Ann Lee", "Ann  Lee"), ("Ann Lee", "Ann\u{3000}\u{200B}Lee"),
        // Digits and letters of one script.
        ("bob", "b0b"), ("BOB", "B0B"), ("Bill", "Bi11"), ("Bill", "BiIl"), ("Ian", "lan"),
        ("Ian", "1an"), ("Mod", "Rnod"), ("moderator", "rnoderator"), ("MODERATOR", "rnoderat0r"),
        ("moderator", "mоdеrаtоr"), ("a|b", "alb"),
        // Accents, composed or not.
        ("José", "Jose\u{301}"), ("JOSÉ", "jose\u{301}"),
    ])
    func looksAlike(name: String, other: String) {
        let (first, second) = (NameSkeleton(name), NameSkeleton(other))
        #expect(first.looksLike(second), "\(first) and \(second)")
        #expect(second.looksLike(first))
        #expect(!Set(first.keys).isDisjoint(with: second.keys))
    }

    @Test(arguments: [
        ("Ann", "Anna"), ("Ann", "An"), ("Ann", "Ann2"), ("Ann", "Anne"), ("Bob", "Rob"),
        ("José", "Jose"), ("ivan", "evan"), ("Мария", "Дарья"), ("van", "nav"),
        ("Ann Lee", "AnnLee"),
        ("ann", "амм"), ("日本", "日木"), ("a1", "a2"), ("user10", "user2"),
    ])
    func looksDifferent(name: String, other: String) {
        let (first, second) = (NameSkeleton(name), NameSkeleton(other))
        #expect(!first.looksLike(second), "\(first) and \(second)")
        #expect(Set(first.keys).isDisjoint(with: second.keys))
    }

    /// Most names have one key, so that most look-ups are one.
    @Test(arguments: ["ann", "Ann", "bob_42", "user-17", "Jörg", "мария", "小明"])
    func oneKey(name: String) {
        #expect(NameSkeleton(name).keys.count == 1)
    }

    /// A name looks like itself in any case, in each script that has case.
    @Test func caseDoesNotMatter() {
        for scalar in (UInt32(0x21)...0x1E943).compactMap(Unicode.Scalar.init) {
            guard scalar.properties.isAlphabetic else { continue }
            let name = "x\(scalar)x"
            for other in [name.lowercased(), name.uppercased()] where other != name {
                // Swift may know later letters than ICU.
                guard Self.isOld(name), Self.isOld(other) else { continue }
                #expect(NameSkeleton(name).looksLike(NameSkeleton(other)), "\(name), \(other)")
            }
        }
    }

    /// A name of ASCII characters has the keys that ICU gives it.
    @Test func plainNamesHaveTheSameKeys() {
        var random = SplitMix64(seed: 5)
        for _ in 0..<5_000 {
            let bytes = (0..<Int.random(in: 0...8, using: &random)).map { _ in
                UInt8.random(in: 0x20..<0x7F, using: &random)
            }
            let name = String(decoding: bytes, as: UTF8.self)
            #expect(NameSkeleton(name) == NameSkeleton(whole: name), "\(name)")
        }
    }

    private static func isOld(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy { ($0.properties.age?.major ?? 99) < 16 }
    }
}
