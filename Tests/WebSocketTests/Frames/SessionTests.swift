import TestSupport
import Testing
import WebSocket

@Suite struct SessionTests {
    private let hello = [UInt8]("Hello")

    /// The examples of RFC 6455 §5.7.
    @Test func `the examples of RFC 6455 are read`() {
        expectUncompressed(
            [0x81, 0x85, 0x37, 0xFA, 0x21, 0x3D, 0x7F, 0x9F, 0x4D, 0x51, 0x58],
            Outcome(events: [.message(.text, hello)]))
        let client = FrameRules(role: .client)
        expectUncompressed(
            [0x81, 0x05, 0x48, 0x65, 0x6C, 0x6C, 0x6F],
            Outcome(events: [.message(.text, hello)]), rules: client)
        expectUncompressed(
            [0x01, 0x03, 0x48, 0x65, 0x6C, 0x80, 0x02, 0x6C, 0x6F],
            Outcome(events: [.message(.text, hello)]), rules: client)
        expectUncompressed(
            [0x89, 0x05, 0x48, 0x65, 0x6C, 0x6C, 0x6F], Outcome(events: [.ping(hello)]),
            rules: client)
        expectUncompressed(
            [0x8A, 0x85, 0x37, 0xFA, 0x21, 0x3D, 0x7F, 0x9F, 0x4D, 0x51, 0x58],
            Outcome(events: [.pong(hello)]))
        let long = [UInt8](repeating: 7, count: 256)
        expectUncompressed(
            [0x82, 0x7E, 0x01, 0x00] + long, Outcome(events: [.message(.binary, long)]),
            rules: client)
        let longer = [UInt8](repeating: 7, count: 65_536)
        var session = Session()
        let outcome = session.receive(
            [0x82, 0x7F, 0, 0, 0, 0, 0, 1, 0, 0] + longer, rules: client)
        #expect(outcome == Outcome(events: [.message(.binary, longer)]))
    }

    /// Whole texts that are short take a path of their own.
    @Test(arguments: [0, 1, 7, 16, 124, 125, 126, 127])
    func `whole texts of every length are read`(length: Int) {
        for filler in ["x", "é"] {
            let text = Array([UInt8](String(repeating: filler, count: length))[..<length])
            let isValid = filler == "x" || length % 2 == 0
            let fits = length <= 125
            let expected =
                !fits
                ? Outcome(violation: .messageTooBig)
                : isValid
                    ? Outcome(events: [.message(.text, text), .ping([])])
                    : Outcome(violation: .textNotUTF8)
            expectUncompressed(
                frame(.text, text) + frame(.ping), expected,
                rules: FrameRules(role: .server, messageBytes: 125))
        }
    }

    @Test func `a conversation is read`() {
        let text = [UInt8]("héllo, 世界 🎉")
        let bytes =
            frame(.text, text) + frame(.ping) + frame(.binary, [0xFF, 0])
            + frame(.text, Array(text[..<2]), isFinal: false) + frame(.ping, [1, 2])
            + frame(.continuation, isFinal: false)
            + frame(.continuation, Array(text[2..<9]), isFinal: false) + frame(.pong, [3])
            + frame(.continuation, Array(text[9...])) + frame(.text)
            + frame(.binary, isFinal: false) + frame(.continuation)
            + frame(.close, [0x03, 0xE8] + [UInt8]("ciao")) + frame(.text, text)
        expectUncompressed(
            bytes,
            Outcome(events: [
                .message(.text, text), .ping([]), .message(.binary, [0xFF, 0]), .ping([1, 2]),
                .pong([3]), .message(.text, text), .message(.text, []), .message(.binary, []),
                .close(.normal),
            ]))
    }

    @Test(arguments: [0, 1, 7, 8, 9, 125, 126, 127, 65_535, 65_536, 70_000])
    func `payloads of every length are read`(length: Int) {
        let payload = (0..<length).map { UInt8(truncatingIfNeeded: $0) }
        let bytes = frame(.binary, payload)
        let rules = FrameRules(role: .server, messageBytes: 70_000)
        let cuts = [1, 3, 6, 13, 14, 15, length / 2 + 2, bytes.count - 1].filter {
            $0 < bytes.count
        }
        for cut in cuts {
            var session = Session()
            let outcome = session.receive([bytes[..<cut], bytes[cut...]], rules: rules)
            #expect(outcome == Outcome(events: [.message(.binary, payload)]))
        }
    }

    /// Whole messages aren't copied. Their bytes stay in the input.
    @Test func `a whole message is unmasked in place`() throws {
        var session = Session()
        var input = frame(.ping, [1]) + frame(.text, hello)
        var offset = 0
        var span = input.mutableSpan
        let first = try session.next(in: &span, from: &offset, rules: .test)
        #expect(first == .ping(.input(6..<7)))
        let second = try session.next(in: &span, from: &offset, rules: .test)
        #expect(second == .message(.text, .input(13..<18)))
        #expect(offset == 18)
        let third = try session.next(in: &span, from: &offset, rules: .test)
        #expect(third == nil)
        #expect(Array(input[13...]) == hello)
    }

    @Test func `a session is small and knows when it is between messages`() {
        #expect(MemoryLayout<Session>.size <= 16)
        let bytes = frame(.text, hello, isFinal: false) + frame(.continuation, hello)
        let boundaries = [0, bytes.count]
        for end in 0...bytes.count {
            var session = Session()
            _ = session.receive([bytes[..<end]])
            #expect(session.isAtBoundary == boundaries.contains(end))
        }
        // A pong in the middle of a message doesn't end it.
        var session = Session()
        _ = session.receive(frame(.text, hello, isFinal: false) + frame(.pong))
        #expect(session.isAtBoundary == false)
        // An incomplete ping between messages leaves nothing behind.
        var other = Session()
        let ping = frame(.ping, hello)
        _ = other.receive([ping[..<8], ping[8...]])
        #expect(other.isAtBoundary == true)
    }

    @Test func `a message may have the allowed number of fragments`() {
        let count = FrameRules.standardFragments
        var bytes = frame(.text, isFinal: false)
        for index in 2...count {
            bytes += frame(.continuation, [0x61], isFinal: index == count)
        }
        let expected = Outcome(events: [
            .message(.text, [UInt8](repeating: 0x61, count: count - 1))
        ])
        let rules = FrameRules(role: .server, messageBytes: count)
        var session = Session()
        #expect(session.receive(bytes, rules: rules) == expected)
        let fewer = FrameRules(role: .server, messageBytes: count, fragments: count - 1)
        var strict = Session()
        #expect(strict.receive(bytes, rules: fewer).violation == .tooManyFragments)
    }
}
