extension Span<UInt8> {
    /// Whether these bytes are the UTF-8 of `literal`.
    @inline(__always)
    func holds(_ literal: StaticString) -> Bool {
        holds(literal, at: 0) && count == literal.utf8CodeUnitCount
    }

    /// Whether the UTF-8 of `literal` stands at `start`, which must not lie behind the end.
    @inline(__always)
    func holds(_ literal: StaticString, at start: Int) -> Bool {
        let length = literal.utf8CodeUnitCount
        guard count &- start >= length else { return false }
        // Invariant: the literal lives as long as the program, and its bytes are read within their
        // count; a word may be of any bits. The loads of our own bytes check their bounds.
        return literal.withUTF8Buffer { expected in
            var index = 0
            while length &- index >= 8 {
                let word = unsafe bytes.unsafeLoadUnaligned(
                    fromByteOffset: start &+ index, as: UInt64.self)
                let other = unsafe UnsafeRawBufferPointer(expected).loadUnaligned(
                    fromByteOffset: index, as: UInt64.self)
                guard word == other else { return false }
                index &+= 8
            }
            while index < length {
                guard unsafe self[start &+ index] == expected[index] else { return false }
                index &+= 1
            }
            return true
        }
    }

    /// The index of the first byte from `start` on that can't stand for itself in a JSON string:
    /// a quote, a backslash or a control character (RFC 8259 section 7). `count` if there is
    /// none.
    func endOfPlainRun(from start: Int) -> Int {
        var index = start
        while count &- index >= 8 {
            let special = Self.special(in: word(at: index))
            guard special == 0 else { return index &+ special.trailingZeroBitCount / 8 }
            index &+= 8
        }
        guard count < 8 || index == count else {
            // The last bytes alone: what is shifted in behind them is 0, and special.
            let last = count &- 8
            let rest = word(at: last) &>> UInt64(8 &* (index &- last))
            return index &+ Self.special(in: rest).trailingZeroBitCount / 8
        }
        while index < count, self[index] >= 0x20, self[index] != UInt8(ascii: "\""),
            self[index] != UInt8(ascii: "\\")
        {
            index += 1
        }
        return index
    }

    /// Eight bytes, the first of them lowest.
    @inline(__always)
    private func word(at start: Int) -> UInt64 {
        // Invariant: the load checks its bounds. What makes it unsafe is that a type may have bit
        // patterns that are no values of it, which UInt64 hasn't.
        let word = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: start, as: UInt64.self)
        return UInt64(littleEndian: word)
    }

    /// Looks at eight bytes, the first of them lowest. The lowest bit of the result is the top
    /// bit of the first special byte; 0 if there is none.
    ///
    /// To subtract n from a byte sets its top bit if the byte is below n, or was over n + 0x7F,
    /// which `& ~` leaves out. A borrow disturbs only the bytes above. What equals a character
    /// is 0, and so below 1, once that character is taken from it by exclusive or.
    @inline(__always)
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
