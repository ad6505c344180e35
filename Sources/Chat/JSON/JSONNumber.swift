/// One number in a JSON text (RFC 8259 section 6).
struct JSONNumber {
    /// The range of the number in the input.
    let range: Range<Int>

    /// Parses the number that begins at `start`.
    init(at start: Int, in bytes: Span<UInt8>) throws(Refusal) {
        var end = start
        Self.skip("-", at: &end, in: bytes)
        if !Self.skip("0", at: &end, in: bytes) {
            try Self.skipDigits(at: &end, in: bytes)
        }
        if Self.skip(".", at: &end, in: bytes) {
            try Self.skipDigits(at: &end, in: bytes)
        }
        if Self.skip("e", at: &end, in: bytes) || Self.skip("E", at: &end, in: bytes) {
            if !Self.skip("+", at: &end, in: bytes) { Self.skip("-", at: &end, in: bytes) }
            try Self.skipDigits(at: &end, in: bytes)
        }
        range = start..<end
    }

    /// The number if it is whole, from 0 to 2^64 - 1, and written in digits only, without a sign, a
    /// point or an exponent. Nil otherwise.
    func whole(in bytes: Span<UInt8>) -> UInt64? {
        var number: UInt64 = 0
        for index in range {
            guard Self.isDigit(bytes[index]) else { return nil }
            let (tenfold, isTooMuch) = number.multipliedReportingOverflow(by: 10)
            let digit = UInt64(bytes[index] - UInt8(ascii: "0"))
            let (sum, isOver) = tenfold.addingReportingOverflow(digit)
            guard !isTooMuch, !isOver else { return nil }
            number = sum
        }
        return number
    }

    /// Moves past `character` if it is at `index`, and returns whether it is.
    @discardableResult
    private static func skip(
        _ character: Unicode.Scalar, at index: inout Int, in bytes: Span<UInt8>
    ) -> Bool {
        guard index < bytes.count, bytes[index] == UInt8(ascii: character) else { return false }
        index += 1
        return true
    }

    private static func skipDigits(
        at index: inout Int, in bytes: Span<UInt8>
    ) throws(Refusal) {
        let start = index
        while index < bytes.count, isDigit(bytes[index]) { index += 1 }
        guard index > start else { throw .invalidJSON("a digit was expected", at: index) }
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
    }
}
