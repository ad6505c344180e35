/// How texts beyond ASCII are folded as a whole. Most texts can be folded one character at a time:
/// see ``FoldedCharacters``.
enum Folding {
    /// NFKC, without letter case, default-ignorable characters (zero-width characters, direction
    /// marks, soft hyphens, variation selectors), stray marks, and the bar that makes Arabic words
    /// longer. The result folds to itself.
    static func folded(_ text: String) -> String {
        let first = String(decoding: ICU.normalized(Array(text.utf16), to: .folded), as: UTF16.self)
        guard first.unicodeScalars.contains(where: isStray) else { return first }
        // Without a mark between them, two characters may compose.
        let rest = String(String.UnicodeScalarView(first.unicodeScalars.filter { !isStray($0) }))
        let second = String(
            decoding: ICU.normalized(Array(rest.utf16), to: .folded), as: UTF16.self)
        return second
    }

    /// NFKC. The result folds to the same as the text.
    static func composed(_ text: String) -> String {
        String(decoding: ICU.normalized(Array(text.utf16), to: .composed), as: UTF16.self)
    }

    /// The text with Latin letters for each word that can pass for a word of Latin letters. Nil if
    /// there is no such word.
    static func disguised(_ text: String) -> String? {
        var result = String.UnicodeScalarView()
        var word = String.UnicodeScalarView()
        var disguise: String.UnicodeScalarView? = nil
        var hasDisguise = false
        func close() {
            if let disguise, !disguise.elementsEqual(word) { hasDisguise = true }
            result.append(contentsOf: disguise ?? word)
            word.removeAll()
        }
        for scalar in composed(text).unicodeScalars {
            let known = FoldedCharacters.known(scalar)
            if scalar.properties.isDefaultIgnorableCodePoint || isStray(scalar) { continue }
            switch WordClass(scalar) {
            case .separator, .alone:
                close()
                disguise = nil
                result.append(scalar)
            case .letter, .katakana, .digit, .mark:
                if word.isEmpty { disguise = String.UnicodeScalarView() }
                word.append(scalar)
                if known.look == 0 {
                    disguise = nil
                } else {
                    disguise?.append(scalar.isASCII ? scalar : Unicode.Scalar(known.look))
                }
            }
        }
        close()
        return hasDisguise ? String(result) : nil
    }

    /// Marks that are common to all scripts and that no letter has composed with: strokes through
    /// letters, and heaps of accents. The colours of skin and the Arabic bar count as such, too. An
    /// accent that makes another letter stays: "año" isn't "ano". So do marks of a script, which
    /// are its vowels, and the voicing marks of kana.
    static func isStray(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case ..<0x300, 0x3099, 0x309A: false
        case 0x640, 0x1F3FB...0x1F3FF: true
        default: ICU.isCommonMark(scalar)
        }
    }
}
