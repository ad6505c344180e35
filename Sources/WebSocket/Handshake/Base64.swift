/// What the opening handshake needs of base64 (RFC 4648 §4).
enum Base64 {
    private static let digits = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    /// The last digit of a code of 16 bytes carries two bits and four zeros.
    private static let lastDigits = ByteSet("AQgw")

    /// Appends the code of `bytes`, padded.
    static func append(_ bytes: Span<UInt8>, to output: inout [UInt8]) {
        let digits = digits.span
        output.append(addingCapacity: (bytes.count + 2) / 3 * 4) { output in
            for start in stride(from: 0, to: bytes.count, by: 3) {
                let left = bytes.count - start
                var group = UInt32(bytes[start]) << 16
                if left > 1 { group |= UInt32(bytes[start + 1]) << 8 }
                if left > 2 { group |= UInt32(bytes[start + 2]) }
                output.append(digits[Int(group >> 18)])
                output.append(digits[Int(group >> 12 & 0x3F)])
                output.append(left > 1 ? digits[Int(group >> 6 & 0x3F)] : UInt8(ascii: "="))
                output.append(left > 2 ? digits[Int(group & 0x3F)] : UInt8(ascii: "="))
            }
        }
    }

    /// Whether the range is the one code of 16 bytes: 22 digits and two `=`.
    static func isCodeOf16Bytes(_ range: Range<Int>, in bytes: Span<UInt8>) -> Bool {
        guard range.count == 24 else { return false }
        let code = bytes.extracting(range)
        return ByteSet.base64.end(in: code) == 22 && lastDigits.contains(code[21])
            && code[22] == UInt8(ascii: "=") && code[23] == UInt8(ascii: "=")
    }
}
