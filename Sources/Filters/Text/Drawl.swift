/// A drawl is a letter that stands three times or more in a row. No word of a language needs one,
/// so it stands for the letter once or twice: "coool" is "cool" and "baaad" is "bad". A double
/// letter stands for itself: "class" isn't "clas", and "good" isn't "god". The drawl of a term
/// needs one in the line.
enum Drawl {
    static let shortest = 3

    /// Whether the word of a text is the word of a term, if a drawl of the text stands for as many
    /// letters as the term has.
    static func joins(
        _ text: [UInt8], _ word: Range<Int>, to term: [UInt8], _ other: Range<Int>
    ) -> Bool {
        var (here, there) = (word.lowerBound, other.lowerBound)
        while here < word.upperBound, there < other.upperBound {
            let (size, otherSize) = (size(at: here, in: text), size(at: there, in: term))
            guard size == otherSize,
                text[here..<here + size] == term[there..<there + size]
            else { return false }
            let run = run(at: here, of: size, in: text, until: word.upperBound)
            let otherRun = Self.run(at: there, of: size, in: term, until: other.upperBound)
            guard run == otherRun || run >= shortest else { return false }
            here += run * size
            there += otherRun * size
        }
        return here == word.upperBound && there == other.upperBound
    }

    /// The text with `count` letters for each drawl.
    static func shortened(_ text: [UInt8], to count: Int) -> [UInt8] {
        shortened(text, from: shortest, to: count)
    }

    /// The text with one letter for each that is repeated.
    static func single(_ text: [UInt8]) -> [UInt8] {
        shortened(text, from: 2, to: 1)
    }

    private static func shortened(_ text: [UInt8], from shortest: Int, to count: Int) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        var place = 0
        while place < text.count {
            let size = size(at: place, in: text)
            let run = run(at: place, of: size, in: text, until: text.count)
            let isDrawl = run >= shortest && isLetter(text[place])
            for _ in 0..<(isDrawl ? min(run, count) : run) {
                result.append(contentsOf: text[place..<place + size])
            }
            place += run * size
        }
        return result
    }

    /// Of a character beyond ASCII it isn't asked whether it is a letter.
    private static func isLetter(_ byte: UInt8) -> Bool {
        byte >= 0x80 || WordClass(ascii: byte) == .letter
    }

    /// How often the character stands there in a row.
    private static func run(at place: Int, of size: Int, in text: [UInt8], until end: Int) -> Int {
        var count = 1
        var next = place + size
        while next + size <= end, text[next..<next + size] == text[place..<place + size] {
            count += 1
            next += size
        }
        return count
    }

    /// The bytes of the character, by the first of them.
    private static func size(at place: Int, in text: [UInt8]) -> Int {
        switch text[place] {
        case ..<0xC0: 1
        case ..<0xE0: 2
        case ..<0xF0: 3
        default: 4
        }
    }
}
