/// The four bytes with which a client masks a frame's payload (RFC 6455 §5.3).
public struct MaskingKey: Equatable, Sendable {
    /// The bytes in their order, the first in the lowest byte.
    private let word: UInt32

    /// Makes a key from 32 random bits. The key must be unpredictable for each frame with a payload
    /// that a browser's page could have chosen.
    public init(_ random: UInt32) {
        word = random
    }

    @inline(__always)
    init(_ bytes: Span<UInt8>, at start: Int) {
        let key = bytes.extracting(start..<start + 4)
        word =
            UInt32(key[0]) | UInt32(key[1]) << 8 | UInt32(key[2]) << 16 | UInt32(key[3]) << 24
    }

    /// The byte that masks the payload's byte at `index`.
    subscript(index: Int) -> UInt8 {
        UInt8(truncatingIfNeeded: word &>> UInt32(8 * (index & 3)))
    }

    /// Masks or unmasks in place. `phase` is the position of the range's first byte in the payload.
    /// Returns whether all bytes are ASCII afterwards, which costs nothing extra.
    @discardableResult
    @inline(__always)
    func apply(to bytes: inout MutableSpan<UInt8>, in range: Range<Int>, phase: Int) -> Bool {
        let turned = UInt64(MaskingKey.turn(word, by: phase))
        let pattern = turned << 32 | turned
        precondition(range.lowerBound >= 0 && range.upperBound <= bytes.count)
        // Invariant: all accesses are within `range`, which lies within the span. A block is only
        // begun if all of it is left. Loads and stores may be unaligned.
        return unsafe bytes.withUnsafeMutableBytes { buffer in
            var index = range.lowerBound
            var union = SIMD2<UInt64>(repeating: 0)
            while range.upperBound &- index >= 16 {
                var pair = unsafe buffer.loadUnaligned(
                    fromByteOffset: index, as: SIMD2<UInt64>.self)
                pair ^= SIMD2(repeating: pattern.littleEndian)
                union |= pair
                unsafe buffer.storeBytes(of: pair, toByteOffset: index, as: SIMD2<UInt64>.self)
                index &+= 16
            }
            var seen = union[0] | union[1]
            if range.upperBound &- index >= 8 {
                var word = unsafe buffer.loadUnaligned(fromByteOffset: index, as: UInt64.self)
                word ^= pattern.littleEndian
                seen |= word
                unsafe buffer.storeBytes(of: word, toByteOffset: index, as: UInt64.self)
                index &+= 8
            }
            var rest = pattern
            while index < range.upperBound {
                unsafe buffer[index] ^= UInt8(truncatingIfNeeded: rest)
                seen |= unsafe UInt64(buffer[index])
                rest >>= 8
                index &+= 1
            }
            return seen & 0x8080_8080_8080_8080 == 0
        }
    }

    @inline(__always)
    private static func turn(_ word: UInt32, by phase: Int) -> UInt32 {
        let bits = UInt32(8 * (phase & 3))
        return word >> bits | word << (32 - bits)
    }
}
