internal import TestSupport
internal import WebSocket

/// Compressed data decompresses to the original. Any other input does no harm, costs no more than
/// the limit, and has the same result in any pieces.
enum DeflateTarget {
    static func run(_ input: FuzzInput) throws(BrokenPromise) {
        var input = input
        let mode = input.byte()
        let setup = Setup(&input)
        switch mode % 4 {
        case 0: try compressed(&input, setup)
        case 1: try foreign(input.rest, setup)
        case 2: try frames(&input, setup)
        default: try contexts(&input, setup)
        }
    }

    /// The settings of both ends.
    struct Setup {
        let windowBits: Int
        let keepsContext: Bool
        let level: Int
        let limit: Int

        init(_ input: inout FuzzInput) {
            windowBits = input.pick([15, 12, 9, 8])
            keepsContext = input.byte().isMultiple(of: 2)
            level = Int(input.byte() % 10)
            limit = input.pick([65_536, 1_000, 1])
        }

        func inflater() throws(BrokenPromise) -> Inflater {
            let inflater = Inflater(windowBits: windowBits, keepsContext: keepsContext)
            guard let inflater else { throw BrokenPromise("there is no inflater") }
            return inflater
        }

        func deflater() throws(BrokenPromise) -> Deflater {
            let deflater = Deflater(
                windowBits: windowBits, keepsContext: keepsContext, level: level)
            guard let deflater else { throw BrokenPromise("there is no deflater") }
            return deflater
        }
    }

    /// Messages of a few bytes, and messages of many bytes that repeat them.
    private static func compressed(
        _ input: inout FuzzInput, _ setup: Setup
    ) throws(BrokenPromise) {
        let (deflater, inflater) = (try setup.deflater(), try setup.inflater())
        for _ in 0..<4 where !input.isAtEnd {
            let times = input.pick([1, 1, 50, 1_000])
            let piece = input.take(Int(input.byte()))
            let message = [[UInt8]](repeating: piece, count: times).flatMap { $0 }
            var payload: [UInt8] = []
            deflater.deflate(message.span, into: &payload)
            try expect(
                payload.count <= message.count + message.count / 8 + 64,
                "\(message.count) bytes became \(payload.count)")
            let again = inflated(payload, by: inflater, limit: message.count)
            guard case .success(let found) = again, found == message else {
                throw BrokenPromise("\(message.count) bytes came back as \(again)")
            }
        }
    }

    /// A payload of an unknown origin.
    private static func foreign(_ payload: [UInt8], _ setup: Setup) throws(BrokenPromise) {
        let inflater = try setup.inflater()
        let first = inflated(payload, by: inflater, limit: setup.limit)
        let other = inflated(payload, by: try setup.inflater(), limit: setup.limit)
        try expect(first == other, "\(first), then \(other)")
        if !setup.keepsContext {
            let again = inflated(payload, by: inflater, limit: setup.limit)
            try expect(first == again, "\(first), and by the same one \(again)")
        }
        switch first {
        case .success(let message):
            try expect(message.count <= setup.limit, "\(message.count) bytes over the limit")
            let larger = inflated(payload, by: try setup.inflater(), limit: 2 * setup.limit)
            try expect(larger == first, "\(first), with a larger limit \(larger)")
        case .failure(let violation):
            try expect(
                violation == .messageTooBig || violation == .compressionInvalid, "\(violation)")
        }
    }

    /// Frames that are compressed, or marked as compressed.
    private static func frames(_ input: inout FuzzInput, _ setup: Setup) throws(BrokenPromise) {
        let rules = FrameRules(role: .server, messageBytes: setup.limit)
        var generator = input.generator()
        let deflater = try setup.deflater()
        var bytes: [UInt8] = []
        while !input.isAtEnd { appendFrame(from: &input, deflater, to: &bytes) }
        let whole = SessionOutcome(
            of: bytes, cutAt: [bytes.count], rules: rules, hasClosed: false,
            inflater: try setup.inflater())
        let cut = SessionOutcome(
            of: bytes, cutAt: generator.cuts(of: bytes.count), rules: rules, hasClosed: false,
            inflater: try setup.inflater())
        try expect(cut == whole, "cut: \(cut), whole: \(whole)")
        for case .message(let kind, let message) in whole.events {
            try expect(message.count <= rules.messageBytes, "\(message.count) bytes of message")
            try expect(
                kind == .binary || String(validating: message, as: UTF8.self) != nil,
                "a text that isn't UTF-8")
        }
    }

    private static func appendFrame(
        from input: inout FuzzInput, _ deflater: Deflater, to output: inout [UInt8]
    ) {
        let choice = input.byte()
        let opcode = input.pick([Opcode.text, .continuation, .binary, .ping])
        var payload = input.take(Int(input.byte() % 126))
        if choice & 4 != 0 {
            var compressed: [UInt8] = []
            deflater.deflate(payload.span, into: &compressed)
            payload = opcode == .ping ? Array(compressed.prefix(125)) : compressed
        }
        FrameEncoder.appendMasked(
            opcode, payload.span, key: MaskingKey(UInt32(choice)),
            isFinal: choice & 1 == 0 || opcode == .ping, rsv1: choice & 2 != 0, to: &output)
    }

    private static func inflated(
        _ payload: [UInt8], by inflater: Inflater, limit: Int
    ) -> Result<[UInt8], ProtocolViolation> {
        do throws(ProtocolViolation) {
            return .success(try inflater.inflate(payload.span, limit: limit))
        } catch {
            return .failure(error)
        }
    }
}
