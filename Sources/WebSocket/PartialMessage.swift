/// The fragments of a message that have come, unmasked.
struct PartialMessage {
    let kind: MessageKind
    private(set) var bytes: [UInt8] = []
    /// Those that are complete.
    var fragments = 0
    private var validator = UTF8Validator()

    init(kind: MessageKind) {
        self.kind = kind
    }

    /// Whether the bytes make a message; text may still lack the end of a scalar.
    var isComplete: Bool {
        kind == .binary || validator.isComplete
    }

    /// Keeps more bytes; text is refused at the first byte that can't be UTF-8.
    mutating func append(_ piece: Span<UInt8>) throws(ProtocolViolation) {
        guard kind == .binary || validator.accepts(piece) else { throw .textNotUTF8 }
        bytes.append(piece)
    }
}
