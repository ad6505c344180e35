/// The parts of base64 that the opening handshake needs (RFC 4648 §4).
enum Base64 {
    private static let digits: InlineArray<64, UInt8> = [
        0x41, 0x42, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48,
        0x49, 0x4A, 0x4B, 0x4C, 0x4D, 0x4E, 0x4F, 0x50,
        0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57, 0x58,
        0x59, 0x5A, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66,
        0x67, 0x68, 0x69, 0x6A, 0x6B, 0x6C, 0x6D, 0x6E,
        0x6F, 0x70, 0x71, 0x72, 0x73, 0x74, 0x75, 0x76,
        0x77, 0x78, 0x79, 0x7A, 0x30, 0x31, 0x32, 0x33,
        0x34, 0x35, 0x36, 0x37, 0x38, 0x39, 0x2B, 0x2F,
    ]

    /// Appends the base64 code of `bytes`, padded.
    static func append(_ bytes: Span<UInt8>, to output: inout [UInt8]) {
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let left = bytes.count - start
            let code = code(
                bytes[start], left > 1 ? bytes[start + 1] : 0, left > 2 ? bytes[start + 2] : 0)
            output.append(code[0])
            output.append(code[1])
            output.append(left > 1 ? code[2] : UInt8(ascii: "="))
            output.append(left > 2 ? code[3] : UInt8(ascii: "="))
        }
    }

    /// Writes the base64 code of a SHA-1 digest, padded, to the 28 bytes of `output`.
    static func write(_ digest: InlineArray<20, UInt8>, to output: inout MutableSpan<UInt8>) {
        precondition(output.count == 28)
        let digest = digest.span
        for group in 0..<6 {
            let code = code(digest[3 * group], digest[3 * group + 1], digest[3 * group + 2])
            for index in 0..<4 { output[4 * group + index] = code[index] }
        }
        let code = code(digest[18], digest[19], 0)
        for index in 0..<3 { output[24 + index] = code[index] }
        output[27] = UInt8(ascii: "=")
    }

    /// The four digits for three bytes.
    @inline(__always)
    private static func code(
        _ first: UInt8, _ second: UInt8, _ third: UInt8
    ) -> InlineArray<4, UInt8> {
        let bits = Int(first) << 16 | Int(second) << 8 | Int(third)
        return [
            digits[bits >> 18], digits[bits >> 12 & 0x3F], digits[bits >> 6 & 0x3F],
            digits[bits & 0x3F],
        ]
    }

    /// Whether the byte can be the last digit of a code of 16 bytes: two bits, then four zeros.
    private static func isLastDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A"), UInt8(ascii: "Q"), UInt8(ascii: "g"), UInt8(ascii: "w"): true
        default: false
        }
    }

    /// Whether the range is a canonical code of 16 bytes: 22 digits and two `=`.
    static func isCodeOf16Bytes(_ range: Range<Int>, in bytes: Span<UInt8>) -> Bool {
        guard range.count == 24 else { return false }
        let code = bytes.extracting(range)
        return ByteSet.base64.end(in: code) == 22 && isLastDigit(code[21])
            && code[22] == UInt8(ascii: "=") && code[23] == UInt8(ascii: "=")
    }
}
