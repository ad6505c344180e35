internal import Synchronization

/// What is known of characters so far. ICU is asked once for each, which takes about a microsecond.
/// The table grows to 1 MiB at most.
struct FoldedCharacters {
    /// For all threads: a lock that is free costs less than a character.
    private static let shared = Mutex(FoldedCharacters())

    private static let blockSize: UInt32 = 256
    /// Characters behind it are rare ideographs, and are asked about each time.
    private static let limit: UInt32 = 0x2_0000
    /// A block is empty until one of its characters is met.
    private var blocks: [[FoldedCharacter]] = Array(
        repeating: [], count: Int(Self.limit / Self.blockSize))

    /// Opens ICU's tables. Otherwise the first text beyond ASCII does.
    static func prepare() { _ = known(Unicode.Scalar(0xE9)) }

    static func known(_ scalar: Unicode.Scalar) -> FoldedCharacter {
        shared.withLock { $0[scalar] }
    }

    /// Both forms of a text, if each of its characters folds by itself: nearly every text does.
    static func forms(of text: String) -> (folded: WordText, disguised: WordText?)? {
        shared.withLock { $0.forms(of: text) }
    }

    private subscript(scalar: Unicode.Scalar) -> FoldedCharacter {
        mutating get {
            let value = scalar.value
            guard value < Self.limit else { return FoldedCharacter(scalar) }
            let (block, place) = (Int(value / Self.blockSize), Int(value % Self.blockSize))
            if blocks[block].isEmpty {
                blocks[block] = Array(repeating: FoldedCharacter(), count: Int(Self.blockSize))
            }
            let known = blocks[block][place]
            guard known.fate == .unknown else { return known }
            let character = FoldedCharacter(scalar)
            blocks[block][place] = character
            return character
        }
    }

    private mutating func forms(of text: String) -> (folded: WordText, disguised: WordText?)? {
        var folded = WordText(capacity: text.utf8.count)
        var kept: [FoldedCharacter] = []
        kept.reserveCapacity(text.utf8.count / 2 + 1)
        var mark: UInt8 = 0
        for scalar in text.unicodeScalars {
            let character = self[scalar]
            if character.fate == .joined || character.mark != 0 && character.mark < mark {
                return nil
            }
            if character.fate == .dropped {
                if character.mark != 0 { mark = character.mark }
                continue
            }
            mark = character.mark
            folded.add(character.folded, character.kind)
            kept.append(character)
        }
        folded.end()
        return (folded, Self.disguised(kept))
    }

    /// The text with Latin letters for each word that can pass for a word of Latin letters. Nil if
    /// there is no such word.
    private static func disguised(_ text: [FoldedCharacter]) -> WordText? {
        guard text.contains(where: \.isDisguised) else { return nil }
        var result = WordText(capacity: text.count)
        var hasDisguise = false
        var start = 0
        while start < text.count {
            let end = text[start...].firstIndex { !$0.isInWord } ?? text.count
            let word = text[start..<end]
            let isDisguise =
                word.allSatisfy { $0.look != 0 } && word.contains(where: \.isDisguised)
            hasDisguise = hasDisguise || isDisguise
            for character in word {
                if isDisguise {
                    result.add(UInt32(character.look), WordClass(ascii: character.look))
                } else {
                    result.add(character.folded, character.kind)
                }
            }
            if end < text.count { result.add(text[end].folded, text[end].kind) }
            start = end + 1
        }
        result.end()
        return hasDisguise ? result : nil
    }
}
