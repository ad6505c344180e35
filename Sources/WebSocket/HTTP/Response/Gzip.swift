/// The content coding `gzip` (RFC 1952, RFC 9110 §8.4.1.3), for content that is compressed once and
/// sent many times.
package enum Gzip {
    /// The gzip member that holds `content`, at zlib's smallest size. Nil if there is no memory for
    /// the compressor.
    package static func compress(_ content: [UInt8]) -> [UInt8]? {
        let deflater = Deflater(windowBits: 15, keepsContext: false, level: 9, memoryLevel: 9)
        guard let deflater else { return nil }
        var output = header
        deflater.deflate(content.span, into: &output)
        // Add the tail that a WebSocket message leaves out, and an empty final block.
        output += Inflater.tail
        output += [0x03, 0x00]
        append(checksum(of: content), to: &output)
        append(UInt32(truncatingIfNeeded: content.count), to: &output)
        return output
    }

    /// DEFLATE, no name, no time, the smallest size, an unknown system (RFC 1952 §2.3).
    private static let header: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 2, 255]

    private static func append(_ number: UInt32, to output: inout [UInt8]) {
        for shift in stride(from: 0, to: 32, by: 8) {
            output.append(UInt8(truncatingIfNeeded: number >> UInt32(shift)))
        }
    }

    /// CRC-32 (RFC 1952 §8), bit by bit: it is needed only a few times in the life of a process.
    static func checksum(of content: [UInt8]) -> UInt32 {
        ~content.reduce(~0) { checksum, byte in
            (0..<8).reduce(checksum ^ UInt32(byte)) { value, _ in
                value >> 1 ^ (value & 1 == 1 ? 0xEDB8_8320 : 0)
            }
        }
    }
}
