/// The four bytes with which a client masks a frame's payload (RFC 6455 §5.3).
public struct MaskingKey: Equatable, Sendable {
    /// The bytes in their order, the first one lowest.
    private let word: UInt32

    /// A key from 32 random bits; it must be unpredictable for each frame that a browser's page
    /// could have chosen the payload of.
    public init(_ random: UInt32) {
        word = random
    }

    init(_ bytes: Span<UInt8>, at start: Int) {
        let key = bytes.extracting(start..<start + 4)
        word =
            UInt32(key[0]) | UInt32(key[1]) << 8 | UInt32(key[2]) << 16 | UInt32(key[3]) << 24
    }

    /// The byte for the payload's byte at `index`.
    subscript(index: Int) -> UInt8 {
        UInt8(truncatingIfNeeded: word &>> UInt32(8 * (index & 3)))
    }

    /// Masks or unmasks in place. `phase` is the place in the payload of the range's first byte.
    func apply(to bytes: inout MutableSpan<UInt8>, in range: Range<Int>, phase: Int) {
        let turned = UInt64(MaskingKey.turn(word, by: phase))
        let pattern = turned << 32 | turned
        precondition(range.lowerBound >= 0 && range.upperBound <= bytes.count)
        // Invariant: all accesses are within `range`, which lies within the span: the words end at
        // or before `wordsEnd`, which is at most its upper bound. Loads and stores may be
        // unaligned.
        unsafe bytes.withUnsafeMutableBytes { buffer in
            var index = range.lowerBound
            let wordsEnd = index + (range.count & ~7)
            while index < wordsEnd {
                let word = unsafe buffer.loadUnaligned(fromByteOffset: index, as: UInt64.self)
                unsafe buffer.storeBytes(
                    of: word ^ pattern.littleEndian, toByteOffset: index, as: UInt64.self)
                index &+= 8
            }
            var rest = pattern
            while index < range.upperBound {
                unsafe buffer[index] ^= UInt8(truncatingIfNeeded: rest)
                rest >>= 8
                index &+= 1
            }
        }
    }

    private static func turn(_ word: UInt32, by phase: Int) -> UInt32 {
        let bits = UInt32(8 * (phase & 3))
        return word >> bits | word << (32 - bits)
    }
}
