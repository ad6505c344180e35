extension Span<UInt8> {
    /// Whether these bytes are the UTF-8 of `literal`.
    @inline(__always)
    func holds(_ literal: StaticString) -> Bool {
        guard count == literal.utf8CodeUnitCount else { return false }
        // Invariant: the literal lives as long as the program, and its bytes are read within their
        // count.
        return literal.withUTF8Buffer { expected in
            for index in 0..<expected.count where unsafe self[index] != expected[index] {
                return false
            }
            return true
        }
    }

    /// The index of the first byte from `start` on that can't stand for itself in a JSON string:
    /// a quote, a backslash or a control character (RFC 8259 section 7). `count` if there is
    /// none.
    func endOfPlainRun(from start: Int) -> Int {
        var index = start
        while index &+ 8 <= count {
            // Invariant: the load checks its bounds. What makes it unsafe is that a type may have
            // bit patterns that are no values of it, which UInt64 hasn't.
            let word = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
            let special = Self.special(in: UInt64(littleEndian: word))
            guard special == 0 else { return index + special.trailingZeroBitCount / 8 }
            index &+= 8
        }
        while index < count, self[index] >= 0x20, self[index] != UInt8(ascii: "\""),
            self[index] != UInt8(ascii: "\\")
        {
            index += 1
        }
        return index
    }

    /// Looks at eight bytes, the first of them lowest. The lowest bit of the result is the top
    /// bit of the first special byte; 0 if there is none.
    ///
    /// To subtract n from a byte sets its top bit if the byte is below n, or was over n + 0x7F,
    /// which `& ~` leaves out. A borrow disturbs only the bytes above. What equals a character
    /// is 0, and so below 1, once that character is taken from it by exclusive or.
    private static func special(in word: UInt64) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let quote = word ^ ones &* UInt64(UInt8(ascii: "\""))
        let backslash = word ^ ones &* UInt64(UInt8(ascii: "\\"))
        let isControl = (word &- ones &* 0x20) & ~word
        let isQuote = (quote &- ones) & ~quote
        let isBackslash = (backslash &- ones) & ~backslash
        return (isControl | isQuote | isBackslash) & (ones &* 0x80)
    }
}
