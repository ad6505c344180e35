/// Walks through a comma-separated list and skips its empty elements (RFC 9110 §5.6.1).
struct ListElements {
    private var rest: Range<Int>

    init(_ value: Range<Int>) {
        rest = value
    }

    mutating func next(in bytes: Span<UInt8>) -> Range<Int>? {
        while !rest.isEmpty {
            let comma = bytes.firstIndex(of: UInt8(ascii: ","), in: rest) ?? rest.upperBound
            let element = bytes.trimmed(rest.lowerBound..<comma)
            rest = Swift.min(comma + 1, rest.upperBound)..<rest.upperBound
            if !element.isEmpty { return element }
        }
        return nil
    }

    /// Whether `value` lists this option, given in lowercase.
    @inline(__always)
    static func list(
        _ value: Range<Int>, has option: StaticString, in bytes: Span<UInt8>
    ) -> Bool {
        // Most values list nothing else.
        if bytes.matches(value, ignoringCase: option) { return true }
        var elements = ListElements(value)
        while let element = elements.next(in: bytes) {
            if bytes.matches(element, ignoringCase: option) { return true }
        }
        return false
    }
}
