import TestSupport
import Testing
import WebSocket

@Suite struct ProtocolViolationTests {
    @Test(arguments: [
        (rawFrame([0xC1, 0x80]), ProtocolViolation.reservedBits),
        (rawFrame([0xA1, 0x80]), .reservedBits),
        (rawFrame([0x91, 0x80]), .reservedBits),
        (rawFrame([0x83, 0x80]), .reservedOpcode),
        (rawFrame([0x87, 0x80]), .reservedOpcode),
        (rawFrame([0x8B, 0x80]), .reservedOpcode),
        (rawFrame([0x8F, 0x80]), .reservedOpcode),
        ([0x81, 0x00], .notMasked),
        (rawFrame([0x81, 0xFE, 0, 125], [UInt8](repeating: 0, count: 125)), .lengthNotMinimal),
        (rawFrame([0x82, 0xFF, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]), .lengthNotMinimal),
        (rawFrame([0x82, 0xFF, 0x80, 0, 0, 0, 0, 0, 0, 0]), .lengthNegative),
        (rawFrame([0x09, 0x80]), .controlFragmented),
        (rawFrame([0x08, 0x80]), .controlFragmented),
        (rawFrame([0x89, 0xFE, 0, 126], [UInt8](repeating: 0, count: 126)), .controlTooLong),
        (rawFrame([0x88, 0xFF]), .controlTooLong),
        (frame(.continuation), .continuationOfNothing),
        (frame(.text) + frame(.continuation, isFinal: false), .continuationOfNothing),
        (frame(.text, isFinal: false) + frame(.text), .messageInterrupted),
        (frame(.binary, isFinal: false) + frame(.text, isFinal: false), .messageInterrupted),
        (frame(.close, [3]), .closePayloadTooShort),
        (frame(.close, [0x03, 0xE8, 0xC3]), .textNotUTF8),
        (frame(.close, [0x03, 0xE8, 0xFF]), .textNotUTF8),
        (frame(.text, [0xC3]), .textNotUTF8),
        (frame(.text, [0x61], isFinal: false) + frame(.continuation, [0xC3]), .textNotUTF8),
        (frame(.text, [0xC3], isFinal: false) + frame(.continuation), .textNotUTF8),
        (frame(.text, [0xC3], isFinal: false) + frame(.continuation, [0x61]), .textNotUTF8),
        (rawFrame([0x82, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]), .messageTooBig),
        (rawFrame([0x81, 0xFF, 0, 0, 0, 0, 0, 1, 0, 1]), .messageTooBig),
    ])
    func isFound(bytes: [UInt8], violation: ProtocolViolation) {
        var events: [Seen] = []
        if violation == .continuationOfNothing, bytes.count > 6 { events = [.message(.text, [])] }
        expectUncompressed(bytes, Outcome(events: events, violation: violation))
        // Later bytes do nothing.
        var session = Session()
        #expect(session.receive(bytes).violation == violation)
        #expect(session.receive(frame(.text) + frame(.close)) == Outcome())
        #expect(session.isAtBoundary == true)
        #expect(session.state == .closing(startedBy: .peer))
    }

    @Test func `a client rejects masked frames`() {
        expectUncompressed(
            frame(.text), Outcome(violation: .masked), rules: FrameRules(role: .client))
    }

    @Test func `a message over the limit is rejected`() {
        let rules = FrameRules(role: .server, messageBytes: 10)
        let ten = [UInt8](repeating: 0x61, count: 10)
        expectUncompressed(
            frame(.text, ten), Outcome(events: [.message(.text, ten)]), rules: rules)
        expectUncompressed(
            frame(.text, ten + [0x61]), Outcome(violation: .messageTooBig), rules: rules)
        expectUncompressed(
            frame(.text, Array(ten[..<6]), isFinal: false) + frame(.continuation, ten),
            Outcome(violation: .messageTooBig), rules: rules)
        expectUncompressed(
            frame(.text, Array(ten[..<6]), isFinal: false)
                + frame(.continuation, Array(ten[6...])),
            Outcome(events: [.message(.text, ten)]), rules: rules)
        // Control frames have their own limit.
        expectUncompressed(
            frame(.ping, ten + ten), Outcome(events: [.ping(ten + ten)]), rules: rules)
    }

    /// A length over the limit is rejected when it is read, before the masking key and the payload.
    @Test func `a declared length over the limit is rejected at once`() {
        var session = Session()
        let header: [UInt8] = [0x82, 0xFF, 0, 0, 0, 0, 0, 1, 0, 1]
        #expect(session.receive(header).violation == .messageTooBig)
    }

    /// Text fails at its first invalid byte, in the middle of an incomplete frame.
    @Test(arguments: [[0xFF], [0xC0], [0xE0, 0x80], [0xED, 0xA0], [0xF0, 0x80], [0xF4, 0x90]])
    func `invalid text fails at its first invalid byte`(bad: [UInt8]) {
        let good = [UInt8]("κόσμε")
        for prefix in [[], good] {
            let bytes = frame(.text, prefix + bad + good, isFinal: false)
            var session = Session()
            let header = 6 + prefix.count + bad.count
            let before = session.receive([bytes[..<(header - 1)]])
            #expect(before == Outcome())
            let after = session.receive([bytes[(header - 1)..<header]])
            #expect(after.violation == .textNotUTF8)
        }
    }

    @Test(arguments: [
        (ProtocolViolation.reservedBits, CloseCode.protocolError),
        (.closeCodeInvalid, .protocolError), (.textNotUTF8, .invalidPayload),
        (.messageTooBig, .messageTooBig), (.tooManyFragments, .messageTooBig),
    ])
    func `every violation has a close code`(violation: ProtocolViolation, code: CloseCode) {
        #expect(violation.closeCode == code)
        #expect(violation.reason.utf8.count <= 123)
    }
}
