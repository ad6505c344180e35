extension Span<UInt8> {
    /// The index of the first control byte in `range` other than tab (below 0x20, or DEL), or the
    /// end of the range.
    ///
    /// Heads are mostly text, so sixteen bytes are checked together if there are as many.
    @inline(__always)
    func firstControlByte(in range: Range<Int>) -> Int {
        precondition(range.lowerBound >= 0 && range.upperBound <= count)
        // Invariant: each load lies within `range`, which lies within the span. A block is only
        // begun if all of it is left. Loads may be unaligned.
        return unsafe withUnsafeBytes { bytes in
            let ones = SIMD2<UInt64>(repeating: 0x0101_0101_0101_0101)
            var index = range.lowerBound
            while range.upperBound &- index >= 16 {
                let pair = unsafe bytes.loadUnaligned(
                    fromByteOffset: index, as: SIMD2<UInt64>.self)
                // The lowest marked byte is exact. A borrow may mark more bytes above it.
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
