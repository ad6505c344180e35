/// The lines of a field that may have several (RFC 9110 §5.3).
///
/// Nearly every such field has one line. So only the position of the first is kept, and the others
/// are searched for in the head again.
public struct FieldLines: Sendable {
    private let field: KnownField
    /// The number of lines that ``next(in:)`` has yet to return.
    private var left: UInt16 = 0
    private var first = Place.none

    init(_ field: KnownField) {
        self.field = field
    }

    public var isEmpty: Bool { left == 0 }
    public var count: Int { Int(left) }
    /// The value, if there is one line. Nil if there is none, or if there are several.
    public var only: Range<Int>? { left == 1 ? first.range : nil }

    /// Adds the value of one more line of the head.
    mutating func append(_ value: Range<Int>) {
        if isEmpty { first = Place(value) }
        left += 1
    }

    /// The value of the next line, in order. `bytes` are those of the head.
    public mutating func next(in bytes: Span<UInt8>) -> Range<Int>? {
        guard left > 0, let value = first.range else { return nil }
        left -= 1
        if left > 0, let next = line(after: value, in: bytes) { first = Place(next) }
        return value
    }

    /// The values of all lines, in order.
    public consuming func values(in bytes: Span<UInt8>) -> [Range<Int>] {
        var values: [Range<Int>] = []
        while let value = next(in: bytes) { values.append(value) }
        return values
    }

    private func line(after value: Range<Int>, in bytes: Span<UInt8>) -> Range<Int>? {
        var lines = HeadLines(at: value.upperBound)
        do throws(RequestViolation) {
            // Skip the rest of the value's own line.
            _ = try lines.next(in: bytes, limit: bytes.count)
            while let line = try lines.next(in: bytes, limit: bytes.count) {
                let other = try FieldLine(line, in: bytes)
                if other.field == field { return other.value }
            }
        } catch {
            preconditionFailure("these are not the bytes of the head")
        }
        return nil
    }
}
