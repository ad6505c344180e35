extension UInt8 {
    static let tab: UInt8 = 0x09
    static let lineFeed: UInt8 = 0x0A
    static let carriageReturn: UInt8 = 0x0D
    static let space: UInt8 = 0x20
    static let delete: UInt8 = 0x7F

    var isDigit: Bool {
        self &- 0x30 < 10
    }

    var isHexDigit: Bool {
        isDigit || (self | 0x20) &- 0x61 < 6
    }

    /// `OWS` (RFC 9110 §5.6.3).
    var isWhitespace: Bool {
        self == .space || self == .tab
    }

    /// The lowercase letter for an ASCII capital. Every other byte is unchanged.
    var lowercased: UInt8 {
        self &- 0x41 < 26 ? self | 0x20 : self
    }
}

extension Span<UInt8> {
    /// Whether the bytes in `range` are exactly `text`.
    public func matches(_ range: Range<Int>, _ text: String) -> Bool {
        guard range.count == text.utf8.count else { return false }
        let bytes = extracting(range)
        let text = text.utf8.span
        for index in bytes.indices where bytes[index] != text[index] { return false }
        return true
    }

    /// The index of the first `byte` in `range`.
    func firstIndex(of byte: UInt8, in range: Range<Int>) -> Int? {
        let bytes = extracting(range)
        for index in bytes.indices where bytes[index] == byte { return range.lowerBound + index }
        return nil
    }

    /// The range without spaces and tabs at its ends.
    @inline(__always)
    func trimmed(_ range: Range<Int>) -> Range<Int> {
        var (lower, upper) = (range.lowerBound, range.upperBound)
        while lower < upper, self[lower].isWhitespace { lower &+= 1 }
        while lower < upper, self[upper &- 1].isWhitespace { upper &-= 1 }
        return lower..<upper
    }
}

extension [UInt8] {
    /// Appends a copy of `bytes`.
    public mutating func append(_ bytes: Span<UInt8>) {
        // Without this check, the standard library would write the count even for no bytes, to the
        // storage that all empty arrays of all threads share.
        guard !bytes.isEmpty else { return }
        // Invariant: the bytes are only read, within their count and during this call.
        unsafe bytes.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
    }

    mutating func append(_ text: String) { append(text.utf8.span) }

    /// Appends a number that isn't negative, in decimal.
    mutating func append(decimal number: Int) {
        var power = 1
        while number / power > 9 { power *= 10 }
        while power > 0 {
            append(UInt8(ascii: "0") + UInt8(number / power % 10))
            power /= 10
        }
    }
}
