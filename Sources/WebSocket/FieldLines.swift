/// The values of all lines of one field, as places in the bytes, in their order.
public struct FieldLines: RandomAccessCollection, Equatable, Sendable {
    private var first: Range<Int>?
    /// A field that is given once, as nearly all are, costs no memory.
    private var others: [Range<Int>] = []

    public init() {}

    public var startIndex: Int { 0 }
    public var endIndex: Int { first == nil ? 0 : 1 + others.count }

    public subscript(position: Int) -> Range<Int> {
        guard position == 0, let first else { return others[position - 1] }
        return first
    }

    mutating func append(_ value: Range<Int>) {
        if first == nil { first = value } else { others.append(value) }
    }
}

/// Walks through a comma-separated list, without its empty elements (RFC 9110 §5.6.1).
struct ListElements {
    private var rest: Range<Int>

    init(_ value: Range<Int>) {
        rest = value
    }

    mutating func next(in bytes: Span<UInt8>) -> Range<Int>? {
        while !rest.isEmpty {
            let comma = bytes.firstIndex(of: 0x2C /* , */, in: rest) ?? rest.upperBound
            let element = bytes.trimmed(rest.lowerBound..<comma)
            rest = Swift.min(comma + 1, rest.upperBound)..<rest.upperBound
            if !element.isEmpty { return element }
        }
        return nil
    }

    /// Whether `value` lists this option, given in small letters.
    static func list(_ value: Range<Int>, has option: String, in bytes: Span<UInt8>) -> Bool {
        var elements = ListElements(value)
        while let element = elements.next(in: bytes) {
            if bytes.matches(element, ignoringCase: option) { return true }
        }
        return false
    }
}
