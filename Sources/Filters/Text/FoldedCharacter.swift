/// What folding makes of a character.
struct FoldedCharacter {
    enum Fate: UInt8 {
        /// Nobody has asked yet.
        case unknown
        /// It becomes one character, whatever stands beside it.
        case kept
        /// Nothing is left of it.
        case dropped
        /// It becomes several, or joins with others: the text must be folded as a whole.
        case joined
    }

    var fate = Fate.unknown
    /// What it becomes.
    var folded: UInt32 = 0
    var kind = WordClass.separator
    /// The small letter or digit of ASCII that it is or looks like. 0 if there is none.
    var look: UInt8 = 0
    /// Its combining class. Marks are in the order of their classes, or else they are moved. 0 for
    /// characters that aren't such marks.
    var mark: UInt8 = 0

    init() {}

    init(_ scalar: Unicode.Scalar) {
        let units = Array(String(scalar).utf16)
        let composed = String(decoding: ICU.normalized(units, to: .composed), as: UTF16.self)
        let folded = String(decoding: ICU.normalized(units, to: .folded), as: UTF16.self)
        mark = ICU.combiningClass(of: scalar)
        let forms = [composed, folded].map { Array($0.unicodeScalars) }
        if forms[0].count == 1 { look = Self.look(of: forms[0][0]) }
        guard forms.allSatisfy({ $0.count <= 1 && $0.allSatisfy { staysAlone($0) } }) else {
            fate = .joined
            return
        }
        guard let whole = forms[0].first, let small = forms[1].first, !Folding.isStray(small) else {
            fate = .dropped
            return
        }
        kind = WordClass(small)
        fate = WordClass(whole) == kind ? .kept : .joined
        self.folded = small.value
    }

    /// Whether it is part of a word that may have other characters.
    var isInWord: Bool {
        switch kind {
        case .letter, .katakana, .digit, .mark: true
        case .alone, .separator: false
        }
    }

    /// Whether it looks like a character of ASCII without being it.
    var isDisguised: Bool { look != 0 && UInt32(look) != folded }

    private func staysAlone(_ form: Unicode.Scalar) -> Bool {
        ICU.neverComposes(form) && ICU.combiningClass(of: form) == mark
    }

    private static func look(of scalar: Unicode.Scalar) -> UInt8 {
        guard scalar.isASCII else { return LookAlikes.letter(of: scalar) ?? 0 }
        let byte = UInt8(scalar.value)
        switch WordClass(ascii: byte) {
        case .letter: return byte | 0x20
        case .digit: return byte
        default: return 0
        }
    }
}
