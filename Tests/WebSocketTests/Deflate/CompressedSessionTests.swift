import TestSupport
import Testing
import WebSocket

private let text = [UInt8]("κόσμε, κόσμε, 世界 🎉: it was the best of times, it was the worst.")

private func deflated(_ messages: [UInt8]..., keepsContext: Bool = false) throws -> [[UInt8]] {
    let deflater = try #require(Deflater(windowBits: 15, keepsContext: keepsContext))
    return messages.map(deflater.compressed)
}

private func receive(
    _ pieces: [ArraySlice<UInt8>], rules: FrameRules = .test, keepsContext: Bool = false
) throws -> Outcome {
    let inflater = try #require(Inflater(keepsContext: keepsContext))
    var session = Session()
    return session.receive(pieces, rules: rules, inflater: inflater)
}

private func expectEverywhere(
    _ bytes: [UInt8], _ expected: Outcome, rules: FrameRules = .test, keepsContext: Bool = false,
    sourceLocation: SourceLocation = #_sourceLocation
) throws {
    for pieces in [[bytes[...]]] + bytes.cuttings {
        let outcome = try receive(pieces, rules: rules, keepsContext: keepsContext)
        #expect(outcome == expected, "\(pieces.map(\.count))", sourceLocation: sourceLocation)
    }
}

@Suite struct CompressedSessionTests {
    private let hello = [UInt8]("Hello")
    private let helloDeflated: [UInt8] = [0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00]

    /// RFC 7692 §7.2.3.1, §7.2.3.2, §7.2.3.6.
    @Test func `the examples of RFC 7692 are read`() throws {
        let client = FrameRules(role: .client)
        let expected = Outcome(events: [.message(.text, hello)])
        try expectEverywhere([0xC1, 0x07] + helloDeflated, expected, rules: client)
        try expectEverywhere(
            [0x41, 0x03, 0xF2, 0x48, 0xCD, 0x80, 0x04, 0xC9, 0xC9, 0x07, 0x00], expected,
            rules: client)
        try expectEverywhere(
            [0xC1, 0x07] + helloDeflated + [0xC1, 0x05, 0xF2, 0x00, 0x11, 0x00, 0x00],
            Outcome(events: [.message(.text, hello), .message(.text, hello)]), rules: client,
            keepsContext: true)
        try expectEverywhere(
            [0xC1, 0x01, 0x00], Outcome(events: [.message(.text, [])]), rules: client)
    }

    @Test(arguments: [true, false]) func `a compressed conversation is read`(keepsContext: Bool)
        throws
    {
        let payloads = try deflated(text, text, [0xFF, 0], keepsContext: keepsContext)
        let bytes =
            frame(.text, payloads[0], rsv1: true) + frame(.ping) + frame(.text, text)
            + frame(.text, Array(payloads[1][..<3]), isFinal: false, rsv1: true)
            + frame(.ping, [1, 2]) + frame(.continuation, isFinal: false) + frame(.pong, [3])
            + frame(.continuation, Array(payloads[1][3...])) + frame(.text, isFinal: false)
            + frame(.continuation) + frame(.binary, isFinal: false, rsv1: true)
            + frame(.continuation, payloads[2]) + frame(.close, [0x03, 0xE8])
        try expectEverywhere(
            bytes,
            Outcome(events: [
                .message(.text, text), .ping([]), .message(.text, text), .ping([1, 2]),
                .pong([3]), .message(.text, text), .message(.text, []),
                .message(.binary, [0xFF, 0]), .close(.normal),
            ]), keepsContext: keepsContext)
    }

    @Test func `fragments of every size are read`() throws {
        let payload = try deflated(text)[0]
        for size in 1...payload.count {
            var bytes: [UInt8] = []
            var events: [Seen] = []
            for start in stride(from: 0, to: payload.count, by: size) {
                let end = min(start + size, payload.count)
                bytes += frame(
                    start == 0 ? .text : .continuation, Array(payload[start..<end]),
                    isFinal: end == payload.count, rsv1: start == 0)
                if end < payload.count {
                    bytes += frame(.ping, [UInt8(start)])
                    events.append(.ping([UInt8(start)]))
                }
            }
            let expected = Outcome(events: events + [.message(.text, text)])
            let pieces = bytes.indices.map { bytes[$0...$0] }
            #expect(try receive([bytes[...]]) == expected)
            #expect(try receive(pieces) == expected)
        }
    }

    /// RFC 7692 §6: RSV1 is set only on the first frame of a data message, if it was negotiated.
    @Test func `RSV1 is allowed only on the first frame of a data message`() throws {
        var plain = Session()
        let compressed = frame(.text, helloDeflated, rsv1: true)
        #expect(plain.receive(compressed).violation == .reservedBits)
        let illegal = [
            rawFrame([0xC9, 0x80]), rawFrame([0xCA, 0x80]), rawFrame([0xC8, 0x80]),
            rawFrame([0xE1, 0x80]), rawFrame([0xD1, 0x80]), rawFrame([0xA1, 0x80]),
            frame(.text, isFinal: false) + frame(.continuation, rsv1: true),
            frame(.text, helloDeflated, isFinal: false, rsv1: true)
                + frame(.continuation, rsv1: true),
        ]
        for bytes in illegal {
            try expectEverywhere(bytes, Outcome(violation: .reservedBits))
        }
        try expectEverywhere(rawFrame([0xC3, 0x80]), Outcome(violation: .reservedOpcode))
    }

    @Test func `an invalid compressed message closes with 1007`() throws {
        let notUTF8 = try deflated([0x61, 0xC3])[0]
        try expectEverywhere(
            frame(.text, notUTF8, rsv1: true), Outcome(violation: .textNotUTF8))
        try expectEverywhere(
            frame(.binary, notUTF8, rsv1: true), Outcome(events: [.message(.binary, [0x61, 0xC3])]))
        let corrupt = frame(.text, [0x07], rsv1: true)
        try expectEverywhere(corrupt, Outcome(violation: .compressionInvalid))
        try expectEverywhere(
            frame(.text, isFinal: false, rsv1: true) + frame(.continuation),
            Outcome(violation: .compressionInvalid))
        #expect(ProtocolViolation.compressionInvalid.closeCode == .invalidPayload)
        // Later bytes do nothing.
        var session = Session()
        let inflater = Inflater(keepsContext: false)
        let bytes = corrupt + frame(.text, helloDeflated, rsv1: true)
        let outcome = session.receive([bytes[...]], inflater: inflater)
        #expect(outcome == Outcome(violation: .compressionInvalid))
        #expect(session.isAtBoundary == true)
        #expect(session.state == .closing(startedBy: .peer))
    }

    /// The limit applies to the message. Data that can't be compressed may take a little more in
    /// transit.
    @Test func `the limit applies to decompressed messages`() throws {
        var generator = SplitMix64(seed: 1)
        let rules = FrameRules(role: .server, messageBytes: 1_000)
        let random = generator.bytes(1_000)
        let payload = try deflated(random)[0]
        #expect(payload.count > 1_000)
        let whole = frame(.binary, payload, rsv1: true)
        let halves =
            frame(.binary, Array(payload[..<9]), isFinal: false, rsv1: true)
            + frame(.continuation, Array(payload[9...]))
        for bytes in [whole, halves] {
            let outcome = try receive([bytes[...]], rules: rules)
            #expect(outcome == Outcome(events: [.message(.binary, random)]))
        }
        let tooBig = try deflated(random + [0])[0]
        #expect(
            try receive([frame(.binary, tooBig, rsv1: true)[...]], rules: rules).violation
                == .messageTooBig)
        let bomb = try deflated([UInt8](repeating: 0, count: 100_000))[0]
        #expect(bomb.count < 200)
        try expectEverywhere(
            frame(.binary, bomb, rsv1: true), Outcome(violation: .messageTooBig), rules: rules)
    }

    /// The limit on compressed bytes is checked when a length is read, before the payload.
    @Test func `compressed bytes over the limit are rejected by their length`() throws {
        let rules = FrameRules(role: .server, messageBytes: 1_000)
        let most = 1_000 + 1_000 / 8 + 64
        func header(_ first: UInt8, _ length: Int) -> [UInt8] {
            [first, 0xFE, UInt8(length >> 8), UInt8(length & 0xFF), 0, 0, 0, 0]
        }
        func outcome(_ bytes: [UInt8]) throws -> Outcome { try receive([bytes[...]], rules: rules) }
        let tooBig = Outcome(violation: .messageTooBig)
        #expect(try outcome(header(0xC2, most)) == Outcome())
        #expect(try outcome(header(0xC2, most + 1)) == tooBig)
        // Without compression, no more than the message is allowed.
        #expect(try outcome(header(0x82, 1_000)) == Outcome())
        #expect(try outcome(header(0x82, 1_001)) == tooBig)
        #expect(try outcome(frame(.binary, isFinal: false) + header(0x80, 1_001)) == tooBig)
        let begun = frame(.binary, [0x02], isFinal: false, rsv1: true)
        #expect(try outcome(begun + header(0x80, most - 1)) == Outcome())
        #expect(try outcome(begun + header(0x80, most)) == tooBig)
    }

    /// One inflater without context serves two sessions whose fragments alternate, and one peer's
    /// error doesn't affect the other.
    @Test func `an inflater without context serves two sessions in turn`() throws {
        let inflater = Inflater(keepsContext: false)
        let payload = try deflated(text)[0]
        var mine = Session()
        var other = Session()
        for (index, byte) in payload.enumerated() {
            let bytes = frame(
                index == 0 ? .text : .continuation, [byte], isFinal: false,
                rsv1: index == 0)
            #expect(mine.receive([bytes[...]], inflater: inflater) == Outcome())
            #expect(other.receive([bytes[...]], inflater: inflater) == Outcome())
        }
        let corrupt = frame(.continuation, [0x07])
        let bad = other.receive([corrupt[...]], inflater: inflater)
        #expect(bad.violation == .compressionInvalid)
        let good = mine.receive([frame(.continuation)[...]], inflater: inflater)
        #expect(good == Outcome(events: [.message(.text, text)]))
    }

    /// After our Close, messages are still decompressed and checked, but dropped.
    @Test func `messages after our Close are checked and dropped`() throws {
        var session = Session()
        session.sentClose()
        let inflater = Inflater(keepsContext: true)
        let good = frame(.text, helloDeflated, rsv1: true) + frame(.ping, [1])
        let heard = session.receive([good[...]], inflater: inflater)
        #expect(heard == Outcome(events: [.ping([1])]))
        let bad = session.receive([frame(.text, [0x07], rsv1: true)[...]], inflater: inflater)
        #expect(bad == Outcome(violation: .compressionInvalid))
        #expect(session.state == .closed)
    }

    @Test func `a session between messages owns no memory`() throws {
        let inflater = Inflater(keepsContext: false)
        let bytes =
            frame(.text, helloDeflated, rsv1: true)
            + frame(.text, Array(helloDeflated[..<3]), isFinal: false, rsv1: true)
            + frame(.continuation, Array(helloDeflated[3...]))
        let boundaries = [0, 13, bytes.count]
        for end in 0...bytes.count {
            var session = Session()
            _ = session.receive([bytes[..<end]], inflater: inflater)
            #expect(session.isAtBoundary == boundaries.contains(end), "\(end)")
        }
    }
}
