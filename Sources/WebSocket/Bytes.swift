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

    /// The small letter of an ASCII capital; every other byte as it is.
    var lowercased: UInt8 {
        self &- 0x41 < 26 ? self | 0x20 : self
    }
}

/// A set of ASCII bytes, one bit each.
struct ByteSet: Sendable {
    private var low: UInt64 = 0
    private var high: UInt64 = 0

    init(_ members: String) {
        for byte in members.utf8 {
            precondition(byte < 0x80, "a byte set holds ASCII alone")
            if byte < 64 { low |= 1 << UInt64(byte) } else { high |= 1 << UInt64(byte - 64) }
        }
    }

    func contains(_ byte: UInt8) -> Bool {
        let word = byte < 64 ? low : high
        return byte < 0x80 && (word &>> UInt64(byte & 63)) & 1 == 1
    }

    /// The first byte of `bytes` that isn't in the set, or the end.
    func end(in bytes: Span<UInt8>) -> Int {
        for index in bytes.indices where !contains(bytes[index]) { return index }
        return bytes.count
    }

    private static let alphanumeric =
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    /// `tchar` (RFC 9110 §5.6.2).
    static let token = ByteSet(alphanumeric + "!#$%&'*+-.^_`|~")
    /// What a `reg-name` is made of: unreserved, sub-delims, `%` (RFC 3986 §3.2.2).
    static let registeredName = ByteSet(alphanumeric + "-._~!$&'()*+,;=%")
    /// The digits of base64 (RFC 4648 §4).
    static let base64 = ByteSet(alphanumeric + "+/")
}

extension Span<UInt8> {
    /// Whether these bytes are exactly `text`.
    func matches(_ range: Range<Int>, _ text: String) -> Bool {
        guard range.count == text.utf8.count else { return false }
        let bytes = extracting(range)
        let text = text.utf8.span
        for index in bytes.indices where bytes[index] != text[index] { return false }
        return true
    }

    /// The first place of `byte` in `range`.
    func firstIndex(of byte: UInt8, in range: Range<Int>) -> Int? {
        for index in range where self[index] == byte {
            return index
        }
        return nil
    }

    /// The range without spaces and tabs at its ends.
    func trimmed(_ range: Range<Int>) -> Range<Int> {
        var (lower, upper) = (range.lowerBound, range.upperBound)
        while lower < upper, self[lower].isWhitespace { lower += 1 }
        while lower < upper, self[upper - 1].isWhitespace { upper -= 1 }
        return lower..<upper
    }
}

extension [UInt8] {
    /// Appends a copy of `bytes`.
    public mutating func append(_ bytes: Span<UInt8>) {
        append(addingCapacity: bytes.count) { output in
            for index in bytes.indices { output.append(bytes[index]) }
        }
    }

    mutating func append(_ text: String) {
        append(contentsOf: text.utf8)
    }
}
