/// What a character does to words. The classes are those of Unicode's word borders (UAX #29) with
/// one difference: apostrophes, full stops and underscores divide words, because evaders join
/// words by them.
enum WordClass: UInt8 {
    /// Continues a word; repeated ones may be a drawl.
    case letter
    /// Continues a word of the same script: words of other languages aren't set apart by blanks.
    case katakana
    case digit
    /// Belongs to the character before it.
    case mark
    /// A word of its own: an ideograph, a letter of a script without blanks, an emoji.
    case alone
    /// Belongs to no word: blanks, punctuation, and the symbols of ASCII.
    case separator

    /// The class of an ASCII character.
    @inline(__always)
    init(ascii byte: UInt8) {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"):
            self = .letter
        case UInt8(ascii: "0")...UInt8(ascii: "9"): self = .digit
        default: self = .separator
        }
    }

    init(_ scalar: Unicode.Scalar) {
        self = scalar.isASCII ? WordClass(ascii: UInt8(scalar.value)) : ICU.wordClass(of: scalar)
    }
}
