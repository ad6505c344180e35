extension Span<UInt8> {
    /// Whether these bytes are the UTF-8 of `literal`.
    @inline(__always)
    func holds(_ literal: StaticString) -> Bool {
        holds(literal, at: 0) && count == literal.utf8CodeUnitCount
    }

    /// Whether the UTF-8 of `literal` is at `start`, which must not be after the end.
    @inline(__always)
    func holds(_ literal: StaticString, at start: Int) -> Bool {
        let length = literal.utf8CodeUnitCount
        guard count &- start >= length else { return false }
        // Invariant: the literal lives as long as the program, and its bytes are read within their
        // count. Any bits make a valid word. The loads of our own bytes check their bounds.
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

    /// The index of the first byte from `start` on that can't stand for itself in a JSON string: a
    /// quote, a backslash or a control character (RFC 8259 section 7). `count` if there is none.
    func endOfPlainRun(from start: Int) -> Int {
        var index = start
        while count &- index >= 8 {
            let special = Self.special(in: word(at: index))
            guard special == 0 else { return index &+ special.trailingZeroBitCount / 8 }
            index &+= 8
        }
        guard count < 8 || index == count else {
            // The last bytes alone. Zeros are shifted in after them, and count as special.
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

    /// Eight bytes as a word, the first in the lowest byte.
    @inline(__always)
    private func word(at start: Int) -> UInt64 {
        // Invariant: the load checks its bounds. It is unsafe for types with invalid bit patterns,
        // and UInt64 has none.
        let word = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: start, as: UInt64.self)
        return UInt64(littleEndian: word)
    }

    /// Finds special bytes among eight, the first in the lowest byte. The lowest set bit of the
    /// result is the top bit of the first special byte; 0 if there is none.
    ///
    /// Subtracting n from a byte sets its top bit if the byte is below n, or if it was above n +
    /// 0x7F, which `& ~` excludes. A borrow disturbs only the bytes above. A byte that equals a
    /// character becomes 0 by exclusive or with it, and so is below 1.
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
