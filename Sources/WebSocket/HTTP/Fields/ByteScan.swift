extension Span<UInt8> {
    /// The first control byte in `range` that isn't a tab (below 0x20, or DEL), or its end.
    ///
    /// Heads are mostly text, so that sixteen bytes are looked at together where they are.
    @inline(__always)
    func firstControlByte(in range: Range<Int>) -> Int {
        precondition(range.lowerBound >= 0 && range.upperBound <= count)
        // Invariant: a load lies within `range`, which lies within the span: no block is begun of
        // which less is left. Loads may be unaligned.
        return unsafe withUnsafeBytes { bytes in
            let ones = SIMD2<UInt64>(repeating: 0x0101_0101_0101_0101)
            var index = range.lowerBound
            while range.upperBound &- index >= 16 {
                let pair = unsafe bytes.loadUnaligned(
                    fromByteOffset: index, as: SIMD2<UInt64>.self)
                // The lowest byte marked is exact; a borrow may mark more above it.
                let low = pair &- (ones &* 0x20)
                let delete = (pair ^ (ones &* 0x7F)) &- ones
                let marks = (low | delete) & ~pair & (ones &* 0x80)
                if marks[0] | marks[1] == 0 {
                    index &+= 16
                    continue
                }
                if marks[0] != 0 {
                    index &+= marks[0].trailingZeroBitCount / 8
                } else {
                    index &+= 8 &+ marks[1].trailingZeroBitCount / 8
                }
                if unsafe bytes[index] != .tab { return index }
                index &+= 1
            }
            while index < range.upperBound {
                let byte = unsafe bytes[index]
                if byte < .space && byte != .tab || byte == .delete { break }
                index &+= 1
            }
            return index
        }
    }
}
