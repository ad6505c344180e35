/// How a session decompresses its peer's messages.
struct Inflation {
    let inflater: Inflater
    /// Bits of the window that the session keeps of its peer's messages; nil: none, because they
    /// don't refer to one another, or because the inflater keeps its own.
    let windowBits: Int?

    /// The message of a compressed payload; text is checked as it was before the compression. The
    /// first one makes the window, if there is to be one.
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
