/// Where the bytes of a message or of a control frame are.
public enum Payload: Equatable, Sendable {
    /// In the input, unmasked in place. They are good until the input changes.
    case input(Range<Int>)
    /// Put together from several reads or fragments.
    case kept([UInt8])
}

/// What a session has found in its input.
public enum SessionEvent: Equatable, Sendable {
    /// A whole message; text is valid UTF-8.
    case message(MessageKind, Payload)
    /// To be answered with a Pong of the same payload (RFC 6455 §5.5.2).
    case ping(Payload)
    case pong(Payload)
    /// The peer's Close and its code, if it gave one. If the state is `.closing(startedBy: .peer)`
    /// now, answer with a Close of this code (§5.5.1).
    case close(CloseCode?)

    /// What a whole frame means by itself; nil for a fragment.
    init?(
        _ opcode: Opcode, _ payload: Payload, _ bytes: Span<UInt8>
    ) throws(ProtocolViolation) {
        switch opcode {
        case .continuation: return nil
        case .text:
            guard UTF8Validator.isValid(bytes) else { throw .textNotUTF8 }
            self = .message(.text, payload)
        case .binary: self = .message(.binary, payload)
        case .close: self = .close(try CloseCode.parse(bytes))
        case .ping: self = .ping(payload)
        case .pong: self = .pong(payload)
        }
    }
}

extension CloseCode {
    /// The code of a Close frame's payload, which may be empty; what follows the code is a reason
    /// in UTF-8 (RFC 6455 §5.5.1, §8.1).
    fileprivate static func parse(_ bytes: Span<UInt8>) throws(ProtocolViolation) -> CloseCode? {
        if bytes.isEmpty { return nil }
        guard bytes.count >= 2 else { throw .closePayloadTooShort }
        let code = CloseCode(rawValue: UInt16(bytes[0]) << 8 | UInt16(bytes[1]))
        guard code.isSendable else { throw .closeCodeInvalid }
        guard UTF8Validator.isValid(bytes.extracting(2..<bytes.count)) else { throw .textNotUTF8 }
        return code
    }
}
