/// The received part of an incomplete frame or message, and the context of compressed messages.
///
/// It is a class so that a session without one is small, which is the usual case.
final class Assembly {
    /// The message whose last fragment has not arrived.
    private(set) var message: PartialMessage?
    /// The frame whose payload is arriving, and how many of its bytes have arrived.
    private var frame: FrameHeader?
    private var received = 0
    /// The payload of a control frame, which may come between the fragments of a message.
    private var control: [UInt8] = []
    /// The start of a header.
    private var header: [UInt8] = []
    /// The context of the next compressed message. Nil if none is kept, or before the first one.
    private var window: InflateWindow?

    var isInsideHeader: Bool { !header.isEmpty }
    var isInsidePayload: Bool { frame != nil }
    /// Whether no frame and no message is incomplete.
    var isAtBoundary: Bool { header.isEmpty && frame == nil && message == nil }
    var isEmpty: Bool { isAtBoundary && window == nil }
    /// Bytes of memory for what has arrived.
    var partialBytes: Int {
        guard !isAtBoundary else { return 0 }
        return Self.overhead + (message?.bytes.capacity ?? 0) + control.capacity + header.capacity
    }
    /// Bytes that it costs besides its contents.
    private static let overhead = 256
    /// Bytes of memory for the context of compressed messages.
    var contextBytes: Int { window?.cost ?? 0 }

    /// The header that continues at `offset`. Nil if it is incomplete; its bytes are then kept.
    func receiveHeader(
        _ input: Span<UInt8>, from offset: inout Int, rules: borrowing FrameRules,
        allowsCompression: Bool
    ) throws(ProtocolViolation) -> FrameHeader? {
        var start = header
        let kept = start.count
        let count = min(FrameHeader.maximumSize - kept, input.count - offset)
        start.append(input.extracting(offset..<offset + count))
        let decoded = try FrameHeader.decode(
            start.span, from: 0, rules: rules, allowsCompression: allowsCompression)
        guard let decoded else {
            header = start
            offset += count
            return nil
        }
        header = []
        offset += decoded.size - kept
        return decoded
    }

    /// Begins to receive the payload of this frame.
    func begin(_ header: FrameHeader, inflater: Inflater?, windowBits: Int?) {
        frame = header
        received = 0
        guard let kind = header.opcode.messageKind else { return }
        let inflation = inflater.map { Inflation(inflater: $0, windowBits: windowBits) }
        message = PartialMessage(kind: kind, inflation: header.isCompressed ? inflation : nil)
    }

    /// Unmasks and keeps the received bytes of the frame's payload. Returns the event that they
    /// complete, if any.
    func receivePayload(
        _ input: inout MutableSpan<UInt8>, from offset: inout Int, rules: borrowing FrameRules
    ) throws(ProtocolViolation) -> SessionEvent? {
        guard let frame else { return nil }
        let count = min(frame.length - received, input.count - offset)
        let piece = offset..<offset + count
        frame.key?.apply(to: &input, in: piece, phase: received)
        offset += count
        received += count
        let bytes = input.span.extracting(piece)
        if frame.opcode.isControl {
            control.append(bytes)
        } else {
            try message?.append(bytes)
        }
        guard received == frame.length else { return nil }
        self.frame = nil
        return frame.opcode.isControl
            ? try finishControl(frame.opcode) : try finishFragment(frame, rules: rules)
    }

    private func finishControl(_ opcode: Opcode) throws(ProtocolViolation) -> SessionEvent? {
        let payload = control
        control = []
        let code = try SessionEvent.check(opcode, payload.span)
        return SessionEvent(opcode, .kept(payload), closeCode: code)
    }

    private func finishFragment(
        _ frame: FrameHeader, rules: borrowing FrameRules
    ) throws(ProtocolViolation) -> SessionEvent? {
        message?.fragments += 1
        guard frame.isFinal, let message else { return nil }
        self.message = nil
        return try message.finish(rules: rules, window: &window)
    }

    /// The message of a compressed frame that arrived in one piece.
    func message(
        _ kind: MessageKind, inflatedAs inflation: Inflation, from payload: Span<UInt8>,
        rules: borrowing FrameRules
    ) throws(ProtocolViolation) -> SessionEvent {
        try inflation.message(kind, from: payload, rules: rules, window: &window)
    }
}
