/// One WebSocket after its opening handshake: it turns bytes into events, and keeps the state of
/// the closing handshake (RFC 6455 §5 to §8).
///
/// It is a word and a byte. It has memory on the heap only while a message or a frame is
/// incomplete, or if it keeps the context of compressed messages.
public struct Session: ~Copyable {
    private var assembly: Assembly?
    // It comes after the word, so that other bytes have room after it.
    public private(set) var state = SessionState.open

    public init() {}

    /// Whether no frame and no message is incomplete.
    public var isAtBoundary: Bool {
        assembly?.isAtBoundary ?? true
    }

    /// Bytes of memory for the context of the peer's compressed messages.
    public var contextBytes: Int {
        assembly?.contextBytes ?? 0
    }

    /// Bytes of memory for the received part of an incomplete frame or message.
    public var partialBytes: Int {
        assembly?.partialBytes ?? 0
    }

    /// Our Close frame has been written.
    public mutating func sentClose() {
        state.sentClose()
    }

    /// The next event in `input`, from `offset` on, which moves past the used bytes.
    ///
    /// Nil if the input is used up. An incomplete frame is kept, and takes only as much memory as
    /// the bytes that have arrived, whatever length it announces. After a violation, and after the
    /// peer's Close, `state` says what to do, and later bytes have no effect. After our own Close,
    /// messages are still checked but not delivered.
    ///
    /// `inflater` decompresses the peer's messages if permessage-deflate was negotiated (RFC 7692).
    /// It is used only for complete messages, so one without context can serve any number of
    /// sessions. If the peer keeps its context, `windowBits` is the size of the window that the
    /// session keeps for it. The peer's first compressed message creates the window, which
    /// ``contextBytes`` counts.
    public mutating func next(
        in input: inout MutableSpan<UInt8>, from offset: inout Int, rules: borrowing FrameRules,
        inflater: Inflater? = nil, windowBits: Int? = nil
    ) throws(ProtocolViolation) -> SessionEvent? {
        do throws(ProtocolViolation) {
            if let payload = try wholeText(&input, from: &offset, rules: rules) {
                return .message(.text, .input(payload))
            }
            while state.readsFrames, offset < input.count {
                let event = try receive(
                    &input, from: &offset, rules: rules, inflater: inflater,
                    windowBits: windowBits)
                guard let event else { continue }
                switch event {
                case .message: if state == .open { return event }
                case .ping, .pong: return event
                case .close:
                    receivedCloseOrViolation()
                    return event
                }
            }
        } catch {
            receivedCloseOrViolation()
            offset = input.count
            throw error
        }
        offset = input.count
        return nil
    }

    /// Takes a frame of the most common kind: a whole text message that isn't compressed, is short
    /// enough for one byte of length, and is complete.
    @inline(__always)
    private func wholeText(
        _ input: inout MutableSpan<UInt8>, from offset: inout Int, rules: borrowing FrameRules
    ) throws(ProtocolViolation) -> Range<Int>? {
        let available = input.count - offset
        guard available >= 6, state == .open, isAtBoundary, rules.role == .server,
            input[offset] == 0x80 | Opcode.text.rawValue
        else { return nil }
        let length = Int(input[offset + 1]) - 0x80
        guard 0...125 ~= length, length <= available - 6, length <= rules.messageBytes else {
            return nil
        }
        let payload = offset + 6..<offset + 6 + length
        let key = MaskingKey(input.span, at: offset + 2)
        guard
            key.apply(to: &input, in: payload, phase: 0)
                || UTF8Validator.isValid(input.span.extracting(payload))
        else { throw .textNotUTF8 }
        offset = payload.upperBound
        return payload
    }

    private mutating func receivedCloseOrViolation() {
        state.receivedCloseOrViolation()
        assembly = nil
    }

    /// Takes one frame, or the part that has arrived. Returns the event that it completes, if any.
    private mutating func receive(
        _ input: inout MutableSpan<UInt8>, from offset: inout Int, rules: borrowing FrameRules,
        inflater: Inflater?, windowBits: Int?
    ) throws(ProtocolViolation) -> SessionEvent? {
        if assembly?.isInsidePayload != true {
            let decoded = try receiveHeader(
                input.span, from: &offset, rules: rules, allowsCompression: inflater != nil)
            guard let header = decoded else { return nil }
            try checkOrder(of: header, rules: rules)
            if !header.isFragment, header.length <= input.count - offset {
                let payload = offset..<offset + header.length
                offset = payload.upperBound
                let isASCII = header.key?.apply(to: &input, in: payload, phase: 0) ?? false
                let bytes = input.span.extracting(payload)
                if header.isCompressed, let inflater, let kind = header.opcode.messageKind {
                    return try message(
                        kind, inflatedAs: Inflation(inflater: inflater, windowBits: windowBits),
                        from: bytes, rules: rules)
                }
                let code = try SessionEvent.check(header.opcode, bytes, isASCII: isASCII)
                return SessionEvent(header.opcode, .input(payload), closeCode: code)
            }
            assembling().begin(header, inflater: inflater, windowBits: windowBits)
        }
        let assembly = assembling()
        let event = try assembly.receivePayload(&input, from: &offset, rules: rules)
        if assembly.isEmpty { self.assembly = nil }
        return event
    }

    /// The next header. Nil if it is incomplete; its bytes are then kept.
    @inline(__always)
    private mutating func receiveHeader(
        _ input: Span<UInt8>, from offset: inout Int, rules: borrowing FrameRules,
        allowsCompression: Bool
    ) throws(ProtocolViolation) -> FrameHeader? {
        if assembly?.isInsideHeader != true,
            let header = try FrameHeader.decode(
                input, from: offset, rules: rules, allowsCompression: allowsCompression)
        {
            offset += header.size
            return header
        }
        let assembly = assembling()
        let header = try assembly.receiveHeader(
            input, from: &offset, rules: rules, allowsCompression: allowsCompression)
        if assembly.isEmpty { self.assembly = nil }
        return header
    }

    /// The message of a compressed frame that arrived in one piece.
    private mutating func message(
        _ kind: MessageKind, inflatedAs inflation: Inflation, from payload: Span<UInt8>,
        rules: borrowing FrameRules
    ) throws(ProtocolViolation) -> SessionEvent {
        guard inflation.windowBits == nil else {
            return try assembling().message(
                kind, inflatedAs: inflation, from: payload, rules: rules)
        }
        var none: InflateWindow?
        return try inflation.message(kind, from: payload, rules: rules, window: &none)
    }

    private mutating func assembling() -> Assembly {
        if let assembly { return assembly }
        let assembly = Assembly()
        self.assembly = assembly
        return assembly
    }

    /// Whether a frame may come after the earlier ones (RFC 6455 §5.4), and whether its payload
    /// fits.
    @inline(__always)
    private func checkOrder(
        of header: FrameHeader, rules: borrowing FrameRules
    ) throws(ProtocolViolation) {
        switch header.opcode {
        case .close, .ping, .pong: break
        case .text, .binary:
            guard assembly?.message == nil else { throw .messageInterrupted }
        case .continuation:
            guard let message = assembly?.message else { throw .continuationOfNothing }
            let bytes = rules.payloadBytes(isCompressed: message.isCompressed)
            guard header.length <= bytes - message.bytes.count else { throw .messageTooBig }
            guard message.fragments < rules.fragments else { throw .tooManyFragments }
        }
    }
}
