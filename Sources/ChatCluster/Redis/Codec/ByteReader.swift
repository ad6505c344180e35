/// Reads numbers and texts from bytes.
struct ByteReader {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) {
        rest = bytes
    }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func byte() -> UInt8? { rest.popFirst() }

    /// A number in groups of seven bits, the lowest first. Each byte but the last has its high bit
    /// set.
    mutating func number() -> UInt64? {
        var number: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            guard let byte = rest.popFirst() else { return nil }
            number |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return number }
        }
        return nil
    }

    /// Eight bytes, the lowest first.
    mutating func word() -> UInt64? {
        guard let bytes = bytes(8) else { return nil }
        return bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    mutating func bytes(_ count: Int) -> ArraySlice<UInt8>? {
        guard count >= 0, count <= rest.count else { return nil }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }

    /// Bytes behind their count.
    mutating func counted() -> ArraySlice<UInt8>? {
        guard let count = number() else { return nil }
        return bytes(Int(clamping: count))
    }

    /// A text behind the count of its bytes.
    mutating func text() -> String? {
        counted().map { String(decoding: $0, as: UTF8.self) }
    }

    /// All that is left.
    mutating func remaining() -> [UInt8] {
        defer { rest = [] }
        return Array(rest)
    }

    /// All that is left, as a text.
    mutating func remainingText() -> String {
        defer { rest = [] }
        return String(decoding: rest, as: UTF8.self)
    }
}
