/// The header of a frame (RFC 6455 §5.2), valid by itself. The frames before it play no part.
struct FrameHeader {
    /// Bytes of the longest header: two fixed bytes, eight of length, four of masking key.
    static let maximumSize = 14

    let opcode: Opcode
    let isFinal: Bool
    /// RSV1: whether the message that begins here is compressed (RFC 7692 §6).
    let isCompressed: Bool
    /// Bytes of the payload.
    let length: Int
    let key: MaskingKey?
    /// Bytes of the header itself.
    let size: Int

    /// Whether the frame is only part of a message.
    var isFragment: Bool {
        !isFinal || opcode == .continuation
    }

    /// The header at `start`. Nil if it isn't complete; the part that is there is checked at once.
    ///
    /// - Parameter allowsCompression: whether permessage-deflate was negotiated.
    @inline(__always)
    static func decode(
        _ bytes: Span<UInt8>, from start: Int, rules: borrowing FrameRules, allowsCompression: Bool
    ) throws(ProtocolViolation) -> FrameHeader? {
        let available = bytes.count - start
        guard available > 0 else { return nil }
        let first = bytes[start]
        let isCompressed = first & 0x40 != 0
        guard first & 0x30 == 0, allowsCompression || !isCompressed else { throw .reservedBits }
        guard let opcode = Opcode(rawValue: first & 0x0F) else { throw .reservedOpcode }
        guard !isCompressed || opcode.messageKind != nil else { throw .reservedBits }
        let isFinal = first & 0x80 != 0
        guard isFinal || !opcode.isControl else { throw .controlFragmented }

        guard available > 1 else { return nil }
        let second = bytes[start + 1]
        let isMasked = second & 0x80 != 0
        switch rules.role {
        case .server: guard isMasked else { throw .notMasked }
        case .client: guard !isMasked else { throw .masked }
        }
        let short = second & 0x7F
        guard short <= Opcode.controlBytes || !opcode.isControl else { throw .controlTooLong }

        let keyStart = short < 126 ? 2 : short == 126 ? 4 : 10
        guard available >= keyStart else { return nil }
        let length =
            short < 126
            ? Int(short) : try extendedLength(bytes, in: start + 2..<start + keyStart)
        // A continuation's message may be compressed; this header doesn't show it.
        let mayBeCompressed = allowsCompression && (isCompressed || opcode == .continuation)
        guard length <= rules.payloadBytes(isCompressed: mayBeCompressed) || opcode.isControl else {
            throw .messageTooBig
        }

        let size = isMasked ? keyStart + 4 : keyStart
        guard available >= size else { return nil }
        return FrameHeader(
            opcode: opcode, isFinal: isFinal, isCompressed: isCompressed, length: length,
            key: isMasked ? MaskingKey(bytes, at: start + keyStart) : nil, size: size)
    }

    /// A length of two or eight bytes in network order. It must not fit in fewer.
    private static func extendedLength(
        _ bytes: Span<UInt8>, in range: Range<Int>
    ) throws(ProtocolViolation) -> Int {
        var length: UInt64 = 0
        for index in range { length = length << 8 | UInt64(bytes[index]) }
        guard length > (range.count == 2 ? 125 : 0xFFFF) else { throw .lengthNotMinimal }
        guard let length = Int(exactly: length) else { throw .lengthNegative }
        return length
    }
}
