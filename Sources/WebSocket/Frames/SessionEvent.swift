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

    /// What a whole frame means by itself, whose payload was checked; nil for a fragment.
    init?(_ opcode: Opcode, _ payload: Payload, closeCode: CloseCode?) {
        switch opcode {
        case .continuation: return nil
        case .text: self = .message(.text, payload)
        case .binary: self = .message(.binary, payload)
        case .close: self = .close(closeCode)
        case .ping: self = .ping(payload)
        case .pong: self = .pong(payload)
        }
    }

    /// Checks the payload of a whole frame. Returns the code of a Close, if it has one. `isASCII`:
    /// it is known to be, and needs no closer look as text.
    ///
    /// It is apart from the initializer because an optimised build frees an array too early that
    /// is given to an initializer together with a span of itself.
    static func check(
        _ opcode: Opcode, _ bytes: Span<UInt8>, isASCII: Bool = false
    ) throws(ProtocolViolation) -> CloseCode? {
        switch opcode {
        case .text:
            guard isASCII || UTF8Validator.isValid(bytes) else { throw .textNotUTF8 }
            return nil
        case .close: return try CloseCode.parse(bytes)
        case .continuation, .binary, .ping, .pong: return nil
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
