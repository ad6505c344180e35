/// How a session decompresses its peer's messages.
struct Inflation {
    let inflater: Inflater
    /// The size in bits of the window that the session keeps. Nil if it keeps none, because the
    /// peer's messages are independent, or because the inflater keeps the context.
    let windowBits: Int?

    /// The message of a compressed payload. If it is text, its UTF-8 is checked after
    /// decompression. The first message creates the window, if one is kept.
    func message(
        _ kind: MessageKind, from payload: Span<UInt8>, rules: borrowing FrameRules,
        window: inout InflateWindow?
    ) throws(ProtocolViolation) -> SessionEvent {
        let message = try inflate(payload, limit: rules.messageBytes, window: &window)
        guard kind == .binary || UTF8Validator.isValid(message.span) else { throw .textNotUTF8 }
        return .message(kind, .kept(message))
    }

    private func inflate(
        _ payload: Span<UInt8>, limit: Int, window: inout InflateWindow?
    ) throws(ProtocolViolation) -> [UInt8] {
        guard let windowBits else { return try inflater.inflate(payload, limit: limit) }
        var kept = window.take() ?? InflateWindow(bits: windowBits)
        let message = try inflater.inflate(payload, limit: limit, behind: &kept)
        window = kept
        return message
    }
}
