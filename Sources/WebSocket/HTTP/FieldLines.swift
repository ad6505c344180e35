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
