/// Writes frames (RFC 6455 §5.2). A server's frames aren't masked, a client's are.
public enum FrameEncoder {
    /// Appends the header of an unmasked frame of `length` bytes. There must be room for
    /// ``headerSize`` bytes.
    public static func appendHeader(
        _ opcode: Opcode, length: Int, to output: inout OutputSpan<UInt8>
    ) {
        appendHeader(opcode, length: length, isFinal: true, rsv1: false, key: nil, to: &output)
    }

    /// Bytes of the longest header of an unmasked frame.
    public static var headerSize: Int { FrameHeader.maximumSize - 4 }

    /// Appends an unmasked frame.
    public static func append(
        _ opcode: Opcode, _ payload: Span<UInt8>, isFinal: Bool = true, rsv1: Bool = false,
        to output: inout [UInt8]
    ) {
        output.append(addingCapacity: FrameHeader.maximumSize) {
            appendHeader(
                opcode, length: payload.count, isFinal: isFinal, rsv1: rsv1, key: nil, to: &$0)
        }
        output.append(payload)
    }

    /// Appends a frame masked with `key`.
    public static func appendMasked(
        _ opcode: Opcode, _ payload: Span<UInt8>, key: MaskingKey, isFinal: Bool = true,
        rsv1: Bool = false, to output: inout [UInt8]
    ) {
        output.append(addingCapacity: FrameHeader.maximumSize) {
            appendHeader(
                opcode, length: payload.count, isFinal: isFinal, rsv1: rsv1, key: key, to: &$0)
        }
        let start = output.count
        output.append(payload)
        var bytes = output.mutableSpan
        key.apply(to: &bytes, in: start..<start + payload.count, phase: 0)
    }

    /// Appends an unmasked Close frame, which is empty without a code. A reason that is too long is
    /// cut at the end of a scalar.
    public static func appendClose(
        _ code: CloseCode?, reason: String = "", to output: inout [UInt8]
    ) {
        append(.close, closePayload(code, reason: reason).span, to: &output)
    }

    /// Appends a Close frame masked with `key`.
    public static func appendMaskedClose(
        _ code: CloseCode?, reason: String = "", key: MaskingKey, to output: inout [UInt8]
    ) {
        appendMasked(.close, closePayload(code, reason: reason).span, key: key, to: &output)
    }

    private static func closePayload(_ code: CloseCode?, reason: String) -> [UInt8] {
        guard let code else { return [] }
        precondition(code.isSendable, "this code may not be sent (RFC 6455, 7.4)")
        var payload = [UInt8(code.rawValue >> 8), UInt8(code.rawValue & 0xFF)]
        for scalar in reason.unicodeScalars {
            let bytes = UTF8.encode(scalar)
            guard let bytes, payload.count + bytes.count <= Opcode.controlBytes else { break }
            payload.append(contentsOf: bytes)
        }
        return payload
    }

    @inline(__always)
    private static func appendHeader(
        _ opcode: Opcode, length: Int, isFinal: Bool, rsv1: Bool, key: MaskingKey?,
        to output: inout OutputSpan<UInt8>
    ) {
        precondition(!opcode.isControl || (isFinal && length <= Opcode.controlBytes))
        output.append(opcode.rawValue | (isFinal ? 0x80 : 0) | (rsv1 ? 0x40 : 0))
        let masked: UInt8 = key == nil ? 0 : 0x80
        switch length {
        case 0...125:
            output.append(masked | UInt8(length))
        case 126...0xFFFF:
            output.append(masked | 126)
            output.append(UInt8(length >> 8))
            output.append(UInt8(length & 0xFF))
        default:
            output.append(masked | 127)
            for shift in stride(from: 56, through: 0, by: -8) {
                output.append(UInt8(length >> shift & 0xFF))
            }
        }
        if let key {
            for index in 0..<4 { output.append(key[index]) }
        }
    }
}
