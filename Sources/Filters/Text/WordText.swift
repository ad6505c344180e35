/// A folded text in UTF-8, and its words.
struct WordText: Sendable {
    private(set) var bytes: [UInt8] = []
    private(set) var words: [Word] = []
    /// Whether a letter stands three times or more in a row.
    private(set) var hasDrawl = false

    private var open: Kind = .none
    private var start = 0
    private var key: UInt64 = 0
    /// The last letter of the open word, and how often it was repeated.
    private var last: UInt32 = 0
    private var run = 0

    /// What the word is made of that the next character may continue.
    private enum Kind {
        case none
        case letters
        case katakana
        case alone
    }

    /// A text that characters are added to.
    init(capacity: Int) {
        bytes.reserveCapacity(capacity)
        words.reserveCapacity(capacity / 4 + 1)
    }

    /// Makes a text of ASCII characters, in small letters. Nil if it has others.
    init?(ascii text: Span<UInt8>) {
        self.init(capacity: text.count)
        for index in text.indices {
            let byte = text[index]
            guard byte < 0x80 else { return nil }
            let isCapital = UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte
            let small = isCapital ? byte | 0x20 : byte
            take(UInt32(small), WordClass(ascii: small))
            bytes.append(small)
        }
        close()
    }

    /// Finds the words of a text that is folded.
    init(folded text: String) {
        self.init(capacity: text.utf8.count)
        for scalar in text.unicodeScalars { add(scalar.value, WordClass(scalar)) }
        end()
    }

    /// Adds a character that is folded. After the last one, call `end()`.
    @inline(__always)
    mutating func add(_ scalar: UInt32, _ kind: WordClass) {
        take(scalar, kind)
        append(scalar)
    }

    mutating func end() { close() }

    /// Appends a character in UTF-8.
    @inline(__always)
    private mutating func append(_ scalar: UInt32) {
        switch scalar {
        case ..<0x80: bytes.append(UInt8(scalar))
        case ..<0x800:
            bytes.append(UInt8(0xC0 | scalar >> 6))
            bytes.append(UInt8(0x80 | scalar & 0x3F))
        default:
            if scalar < 0x10000 {
                bytes.append(UInt8(0xE0 | scalar >> 12))
            } else {
                bytes.append(UInt8(0xF0 | scalar >> 18))
                bytes.append(UInt8(0x80 | scalar >> 12 & 0x3F))
            }
            bytes.append(UInt8(0x80 | scalar >> 6 & 0x3F))
            bytes.append(UInt8(0x80 | scalar & 0x3F))
        }
    }

    /// The next character is about to be appended.
    @inline(__always)
    private mutating func take(_ scalar: UInt32, _ kind: WordClass) {
        switch kind {
        case .letter: continueWord(.letters, with: scalar)
        case .katakana: continueWord(.katakana, with: scalar)
        case .digit:
            if open != .letters { begin(.letters) }
            mix(scalar)
        case .mark: if open != .none { mix(scalar) }
        case .alone:
            begin(.alone)
            mix(scalar)
        case .separator: close()
        }
    }

    @inline(__always)
    private mutating func continueWord(_ kind: Kind, with letter: UInt32) {
        if open != kind { begin(kind) }
        if letter == last {
            run += 1
            if run >= Drawl.shortest { hasDrawl = true }
        } else {
            mix(letter)
            last = letter
            run = 1
        }
    }

    @inline(__always)
    private mutating func mix(_ scalar: UInt32) {
        key = WordKey.mixed(key, scalar)
        last = 0
    }

    private mutating func begin(_ kind: Kind) {
        close()
        open = kind
        start = bytes.count
        key = WordKey.seed
    }

    @inline(__always)
    private mutating func close() {
        if open != .none { words.append(Word(start: start, end: bytes.count, key: key)) }
        open = .none
        last = 0
    }
}
