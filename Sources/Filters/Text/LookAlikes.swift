/// Letters that look like one letter of ASCII, by the table of UTS #39.
enum LookAlikes {
    /// The small letter that the character looks like. Nil for ASCII itself, for digits, and for
    /// most characters. ICU is asked, so ask ``FoldedCharacters`` instead.
    static func letter(of scalar: Unicode.Scalar) -> UInt8? {
        guard blocks.contains(where: { $0.contains(scalar.value) }), scalar.properties.isAlphabetic
        else { return nil }
        let units = Array(String(scalar).utf16)
        guard let look = letter(ICU.skeleton(units)) else { return nil }
        // The skeleton of I is l, too.
        guard look == UInt8(ascii: "l") else { return look }
        return letter(ICU.skeleton(ICU.normalized(units, to: .folded))) ?? look
    }

    /// Alphabets that have letters in common with the Latin one, and Latin letters of other uses.
    /// In other scripts, the table joins letters of one and the same word.
    private static let blocks: [ClosedRange<UInt32>] = [
        0x80...0x58F,  // Latin, phonetic, Greek, Cyrillic, Armenian
        0x13A0...0x13FF,  // Cherokee
        0x1C80...0x1C8F,  // Cyrillic
        0x1D00...0x1FFF,  // Phonetic, Latin, Greek
        0x2C60...0x2CFF,  // Latin, Coptic
        0xA4D0...0xA4FF,  // Lisu
        0xA640...0xA69F,  // Cyrillic
        0xA720...0xA7FF,  // Latin
        0xAB30...0xABBF,  // Latin, Cherokee
    ]

    /// The small letter, if the text is one letter of ASCII.
    private static func letter(_ text: [UInt16]) -> UInt8? {
        guard text.count == 1, text[0] < 0x80 else { return nil }
        let byte = UInt8(text[0])
        return WordClass(ascii: byte) == .letter ? byte | 0x20 : nil
    }
}
