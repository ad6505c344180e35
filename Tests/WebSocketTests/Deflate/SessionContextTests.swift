import TestSupport
import Testing
import WebSocket

/// Sessions that keep the context of their peers' compressed messages, and share one inflater.
@Suite struct SessionContextTests {
    private let hello = [UInt8]("Hello")
    private let first: [UInt8] = [0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00]
    /// It refers to the message before it (RFC 7692 §7.2.3.2).
    private let again: [UInt8] = [0xF2, 0x00, 0x11, 0x00, 0x00]

    private func receive(
        _ bytes: [UInt8], in session: inout Session, _ inflater: Inflater, windowBits: Int? = 15,
        rules: FrameRules = FrameRules(role: .server, messageBytes: 100_000)
    ) -> Outcome {
        var input = bytes
        var offset = 0
        var outcome = Outcome()
        do throws(ProtocolViolation) {
            while true {
                var span = input.mutableSpan
                let event = try session.next(
                    in: &span, from: &offset, rules: rules, inflater: inflater,
                    windowBits: windowBits)
                guard let event else { break }
                outcome.events.append(Seen(event, in: input))
            }
        } catch {
            outcome.violation = error
        }
        return outcome
    }

    @Test func `a message refers to earlier ones, whatever comes in between`() throws {
        let inflater = try #require(Inflater(keepsContext: false))
        var session = Session()
        let bytes =
            frame(.text, first, rsv1: true) + frame(.ping, [1]) + frame(.text, [0x61])
            + frame(.text, again, rsv1: true) + frame(.text, [0x00], rsv1: true)
            + frame(.text, Array(again[..<2]), isFinal: false, rsv1: true) + frame(.pong, [2])
            + frame(.continuation, Array(again[2...]))
        let heard: [Seen] = [
            .message(.text, hello), .ping([1]), .message(.text, [0x61]), .message(.text, hello),
            .message(.text, []), .pong([2]), .message(.text, hello),
        ]
        let whole = receive(bytes, in: &session, inflater)
        #expect(whole == Outcome(events: heard))
        #expect(session.isAtBoundary == true)
        for pieces in bytes.cuttings {
            var session = Session()
            let events = pieces.flatMap { receive(Array($0), in: &session, inflater).events }
            #expect(events == heard, "\(pieces.map(\.count))")
        }
    }

    @Test func `each session has its own context`() throws {
        let inflater = try #require(Inflater(keepsContext: false))
        var mine = Session()
        var other = Session()
        var third = Session()
        let begun = receive(frame(.text, first, rsv1: true), in: &mine, inflater)
        #expect(begun == Outcome(events: [.message(.text, hello)]))
        // It has nothing to refer to.
        let early = receive(frame(.text, again, rsv1: true), in: &other, inflater)
        #expect(early == Outcome(violation: .compressionInvalid))
        _ = receive(frame(.text, first, rsv1: true), in: &third, inflater, windowBits: nil)
        let none = receive(
            frame(.text, again, rsv1: true), in: &third, inflater, windowBits: nil)
        #expect(none == Outcome(violation: .compressionInvalid))
        let referring = receive(frame(.text, again, rsv1: true), in: &mine, inflater)
        #expect(referring == Outcome(events: [.message(.text, hello)]))
    }

    @Test func `a context exists from the first compressed message to the end`() throws {
        let inflater = try #require(Inflater(keepsContext: false))
        var session = Session()
        _ = receive(frame(.text, hello) + frame(.ping, [1]), in: &session, inflater)
        let start = Array(frame(.text, first, rsv1: true).dropLast())
        _ = receive(start, in: &session, inflater)
        #expect(session.contextBytes == 0)
        _ = receive([frame(.text, first, rsv1: true).last ?? 0], in: &session, inflater)
        #expect((1...1_000).contains(session.contextBytes))
        #expect(session.isAtBoundary == true)
        let close = receive(frame(.close, [0x03, 0xE8]), in: &session, inflater)
        #expect(close == Outcome(events: [.close(.normal)]))
        #expect(session.contextBytes == 0)
        // A violation ends it, too. A session without context never has one.
        var other = Session()
        var plain = Session()
        _ = receive(frame(.text, first, rsv1: true), in: &other, inflater)
        _ = receive(frame(.text, [0x07], rsv1: true), in: &other, inflater)
        _ = receive(frame(.text, first, rsv1: true), in: &plain, inflater, windowBits: nil)
        #expect((other.contextBytes, plain.contextBytes) == (0, 0))
    }

    /// Messages of each size, with random bytes and with repetitions of old ones, from a compressor
    /// with the same window.
    @Test(arguments: 8...15)
    func `the kept bytes are enough, and no more than were sent`(windowBits: Int) throws {
        var generator = SplitMix64(seed: UInt64(windowBits))
        let deflater = try #require(Deflater(windowBits: windowBits, keepsContext: true))
        let inflater = try #require(Inflater(keepsContext: false))
        let most = DeflateParameters.contextBytes(windowBits: windowBits)
        var session = Session()
        var said: [UInt8] = generator.bytes(10)
        for round in 0..<400 {
            let size = generator.pick([0, 1, 5, 100, 300, 1_000, 20_000, 70_000])
            let start = Int.random(in: 0..<said.count, using: &generator)
            let message =
                round.isMultiple(of: 3)
                ? generator.bytes(size) : Array(said[start...].prefix(size))
            said = Array((said + message).suffix(70_000))
            let bytes = frame(.binary, deflater.compressed(message), rsv1: true)
            let outcome = receive(bytes, in: &session, inflater, windowBits: windowBits)
            #expect(outcome == Outcome(events: [.message(.binary, message)]), "\(round)")
            #expect(session.contextBytes <= most)
        }
        #expect(session.contextBytes > 1 << windowBits)
    }

    /// A peer that may keep its context but doesn't is read as well.
    @Test func `messages that refer to nothing are read`() throws {
        let deflater = try #require(Deflater(windowBits: 15, keepsContext: false))
        let inflater = try #require(Inflater(keepsContext: false))
        var session = Session()
        for length in 0..<300 {
            let message = [UInt8](String(repeating: "ab", count: length))
            let bytes = frame(.text, deflater.compressed(message), rsv1: true)
            let outcome = receive(bytes, in: &session, inflater, windowBits: 8)
            #expect(outcome == Outcome(events: [.message(.text, message)]))
        }
    }

    @Test func `a bomb costs no more than its limit`() throws {
        let deflater = try #require(Deflater(windowBits: 15, keepsContext: true, level: 9))
        let inflater = try #require(Inflater(keepsContext: false))
        var session = Session()
        let bomb = deflater.compressed([UInt8](repeating: 0, count: 1 << 24))
        let outcome = receive(
            frame(.binary, bomb, rsv1: true), in: &session, inflater, windowBits: 15)
        #expect(outcome == Outcome(violation: .messageTooBig))
        #expect(session.contextBytes == 0)
    }
}
