/// Walks through the fields of a query, `a=1&b=2`. They are not decoded.
public struct QueryFields {
    private var rest: Range<Int>

    /// Nil is no query.
    public init(_ query: Range<Int>?) { rest = query ?? 0..<0 }

    /// The place of the next field, which may be empty.
    public mutating func next(in bytes: Span<UInt8>) -> Range<Int>? {
        guard !rest.isEmpty else { return nil }
        let end = bytes.firstIndex(of: UInt8(ascii: "&"), in: rest) ?? rest.upperBound
        defer { rest = Swift.min(end + 1, rest.upperBound)..<rest.upperBound }
        return rest.lowerBound..<end
    }
}
