/// The fragments of a message that have arrived, unmasked.
struct PartialMessage {
    let kind: MessageKind
    /// The decompressor for the complete message, if it is compressed. Other connections may use it
    /// in the meantime.
    private let inflation: Inflation?
    private(set) var bytes: [UInt8] = []
    /// The number of complete fragments.
    var fragments = 0
    private var validator = UTF8Validator()

    init(kind: MessageKind, inflation: Inflation?) {
        self.kind = kind
        self.inflation = inflation
    }

    var isCompressed: Bool {
        inflation != nil
    }

    /// Adds bytes. Text is rejected at the first byte that can't be UTF-8.
    mutating func append(_ piece: Span<UInt8>) throws(ProtocolViolation) {
        guard kind == .binary || isCompressed || validator.accepts(piece) else {
            throw .textNotUTF8
        }
        bytes.append(piece)
    }

    /// The message, after its last fragment. If it is compressed, it may refer to `window`.
    func finish(
        rules: borrowing FrameRules, window: inout InflateWindow?
    ) throws(ProtocolViolation) -> SessionEvent {
        if let inflation {
            return try inflation.message(kind, from: bytes.span, rules: rules, window: &window)
        }
        guard kind == .binary || validator.isComplete else { throw .textNotUTF8 }
        return .message(kind, .kept(bytes))
    }
}
