/// An event in a session's input.
public enum SessionEvent: Equatable, Sendable {
    /// A whole message. Text is valid UTF-8.
    case message(MessageKind, Payload)
    /// It requires a Pong with the same payload (RFC 6455 §5.5.2).
    case ping(Payload)
    case pong(Payload)
    /// The peer's Close with its code, if it has one. If the state is now `.closing(startedBy:
    /// .peer)`, it requires a Close with the same code (§5.5.1).
    case close(CloseCode?)

    /// The event of a whole frame whose payload was checked. Nil for a fragment.
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

    /// Checks the payload of a whole frame. Returns the code of a Close, if it has one. If
    /// `isASCII`, text needs no further check.
    ///
    /// This is separate from the initializer because an optimised build frees an array too early if
    /// an initializer gets it together with a span of it.
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
    /// The code of a Close frame's payload, which may be empty. A reason in UTF-8 may follow it
    /// (RFC 6455 §5.5.1, §8.1).
    fileprivate static func parse(_ bytes: Span<UInt8>) throws(ProtocolViolation) -> CloseCode? {
        if bytes.isEmpty { return nil }
        guard bytes.count >= 2 else { throw .closePayloadTooShort }
        let code = CloseCode(rawValue: UInt16(bytes[0]) << 8 | UInt16(bytes[1]))
        guard code.isSendable else { throw .closeCodeInvalid }
        guard UTF8Validator.isValid(bytes.extracting(2..<bytes.count)) else { throw .textNotUTF8 }
        return code
    }
}
