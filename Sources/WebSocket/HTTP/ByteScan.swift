extension Span<UInt8> {
    /// The first control byte (below 0x20, or DEL) in `range`, or its end.
    ///
    /// Heads are mostly text, so that eight bytes are looked at together where they are.
    func firstControlByte(in range: Range<Int>) -> Int {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let bytes = extracting(range)
        var index = 0
        while index + 8 <= bytes.count {
            let word = bytes.word(at: index)
            // The lowest byte marked is exact; a borrow may mark more above it.
            let low = (word &- ones &* 0x20) & ~word
            let delete = word ^ (ones &* 0x7F)
            let marks = (low | ((delete &- ones) & ~delete)) & (ones &* 0x80)
            if marks != 0 { return range.lowerBound + index + marks.trailingZeroBitCount / 8 }
            index += 8
        }
        while index < bytes.count, bytes[index] >= .space, bytes[index] != .delete { index += 1 }
        return range.lowerBound + index
    }

    /// Whether these bytes are `text` but for ASCII case; `text` is given in small letters.
    func matches(_ range: Range<Int>, ignoringCase text: String) -> Bool {
        guard range.count == text.utf8.count else { return false }
        return extracting(range).matches(ignoringCase: text.utf8.span)
    }

    /// Whether this is `text`, of the same length, but for ASCII case.
    func matches(ignoringCase text: Span<UInt8>) -> Bool {
        let bytes = self
        guard bytes.count == text.count else { return false }
        guard bytes.count >= 8 else {
            for index in bytes.indices where bytes[index].lowercased != text[index] {
                return false
            }
            return true
        }
        var index = 0
        while index < bytes.count {
            // The last eight bytes may overlap those before them.
            index = Swift.min(index, bytes.count - 8)
            if Self.lowercased(bytes.word(at: index)) != text.word(at: index) { return false }
            index += 8
        }
        return true
    }

    /// The small letters of the ASCII capitals among eight bytes, the other bytes as they are.
    private static func lowercased(_ word: UInt64) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let low = word & (ones &* 0x7F)
        let fromA = low &+ ones &* (0x80 - 0x41)
        let pastZ = low &+ ones &* (0x80 - 0x5B)
        let capitals = (fromA ^ pastZ) & ~word & (ones &* 0x80)
        return word | capitals >> 2
    }

    /// Eight bytes, the first one lowest: the compiler makes one load of it.
    @inline(__always)
    private func word(at start: Int) -> UInt64 {
        let bytes = extracting(start..<start + 8)
        var word: UInt64 = 0
        for index in 0..<8 { word |= UInt64(bytes[index]) << UInt64(8 * index) }
        return word
    }
}
