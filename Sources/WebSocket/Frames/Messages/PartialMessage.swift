/// The fragments of a message that have come, unmasked.
struct PartialMessage {
    let kind: MessageKind
    /// What decompresses the message when it is whole, if it is compressed. Other connections may
    /// use it until then.
    private let inflater: Inflater?
    private(set) var bytes: [UInt8] = []
    /// Those that are complete.
    var fragments = 0
    private var validator = UTF8Validator()

    init(kind: MessageKind, inflater: Inflater?) {
        self.kind = kind
        self.inflater = inflater
    }

    var isCompressed: Bool {
        inflater != nil
    }

    /// Keeps more bytes; text is refused at the first byte that can't be UTF-8.
    mutating func append(_ piece: Span<UInt8>) throws(ProtocolViolation) {
        guard kind == .binary || isCompressed || validator.accepts(piece) else {
            throw .textNotUTF8
        }
        bytes.append(piece)
    }

    /// The message, all of whose fragments have come.
    func finish(rules: borrowing FrameRules) throws(ProtocolViolation) -> SessionEvent {
        if let inflater {
            return try .message(kind, inflatedBy: inflater, from: bytes.span, rules: rules)
        }
        guard kind == .binary || validator.isComplete else { throw .textNotUTF8 }
        return .message(kind, .kept(bytes))
    }
}
