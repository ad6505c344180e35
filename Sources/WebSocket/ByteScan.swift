extension Span<UInt8> {
    /// The first control byte (below 0x20, or DEL) in `range`, or its end.
    ///
    /// Heads are mostly text, so that eight bytes are looked at together where they are.
    func firstControlByte(in range: Range<Int>) -> Int {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let tops: UInt64 = 0x8080_8080_8080_8080
        var index = range.lowerBound
        while range.upperBound - index >= 8 {
            let word = word(at: index)
            // The lowest marked byte is exact; above it a borrow may mark more.
            let low = (word &- ones &* 0x20) & ~word
            let delete = word ^ (ones &* 0x7F)
            let found = (low | ((delete &- ones) & ~delete)) & tops
            if found != 0 { return index + found.trailingZeroBitCount / 8 }
            index += 8
        }
        while index < range.upperBound, self[index] >= .space, self[index] != .delete { index += 1 }
        return index
    }

    /// Whether these bytes are `text` but for ASCII case; `text` is given in small letters.
    func matches(_ range: Range<Int>, ignoringCase text: String) -> Bool {
        let text = text.utf8.span
        guard range.count == text.count else { return false }
        let bytes = extracting(range)
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
