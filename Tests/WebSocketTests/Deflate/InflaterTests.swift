import TestSupport
import Testing
import WebSocket

/// The end of a sync flush, which payloads lack.
let flushTail: [UInt8] = [0x00, 0x00, 0xFF, 0xFF]

func inflate(
    _ payloads: [[UInt8]], limit: Int = 65_536, windowBits: Int = 15, keepsContext: Bool = true
) throws -> [[UInt8]] {
    let inflater = try #require(Inflater(windowBits: windowBits, keepsContext: keepsContext))
    return try payloads.map { try inflater.inflate($0.span, limit: limit) }
}

func inflationViolation(_ payload: [UInt8], limit: Int = 65_536) throws -> ProtocolViolation? {
    let inflater = try #require(Inflater(keepsContext: false))
    do throws(ProtocolViolation) {
        _ = try inflater.inflate(payload.span, limit: limit)
        return nil
    } catch {
        return error
    }
}

@Suite struct InflaterTests {
    private static let hello = [UInt8]("Hello")

    /// RFC 7692 §7.2.3.
    @Test(arguments: [
        [0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00],
        [0x00, 0x05, 0x00, 0xFA, 0xFF, 0x48, 0x65, 0x6C, 0x6C, 0x6F, 0x00],
        [0xF3, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00, 0x00],
        [0xF2, 0x48, 0x05, 0x00, 0x00, 0x00, 0xFF, 0xFF, 0xCA, 0xC9, 0xC9, 0x07, 0x00],
    ])
    func `the examples of RFC 7692 are read`(payload: [UInt8]) throws {
        for keepsContext in [true, false] {
            let messages = try inflate([payload, payload], keepsContext: keepsContext)
            #expect(messages == [Self.hello, Self.hello])
        }
    }

    /// RFC 7692 §7.2.3.2: the second message refers to the first.
    @Test func `a message may refer to the one before it`() throws {
        let first: [UInt8] = [0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00]
        let second: [UInt8] = [0xF2, 0x00, 0x11, 0x00, 0x00]
        #expect(try inflate([first, second, second]) == [Self.hello, Self.hello, Self.hello])
        #expect(throws: ProtocolViolation.compressionInvalid) {
            try inflate([first, second], keepsContext: false)
        }
    }

    /// RFC 7692 §7.2.3.4: a final block ends neither the message nor the window.
    @Test func `a final block ends neither the message nor the window`() throws {
        let final: [UInt8] = [0xF3, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00]
        let again: [UInt8] = [0xF2, 0x00, 0x11, 0x00, 0x00]
        let messages = try inflate([final + final + again, again, final + [0x00], final, again])
        let twice = Self.hello + Self.hello
        #expect(
            messages == [twice + Self.hello, Self.hello, Self.hello, Self.hello, Self.hello])
        // The block that the tail completes may be final too.
        let emptyFinal: [UInt8] = [0x01]
        #expect(try inflate([emptyFinal, final + emptyFinal]) == [[], Self.hello])
    }

    /// The room for a message may end anywhere, and its last block may be final or not.
    @Test func `messages of every length are read`() throws {
        let deflater = try #require(Deflater(windowBits: 15, keepsContext: false))
        for length in 1...1_200 {
            let bytes = [UInt8](repeating: 7, count: length)
            let payload = deflater.compressed(bytes)
            var final = payload
            final[0] |= 0x01
            #expect(try inflate([payload, final, payload]) == [bytes, bytes, bytes], "\(length)")
        }
    }

    @Test func `empty messages are read`() throws {
        let emptyBlock: [UInt8] = [0x02, 0x00]
        #expect(try inflate([[0x00], emptyBlock, [0x00] + flushTail + [0x00]]) == [[], [], []])
    }

    /// Bytes that are incomplete after the tail are not a message.
    @Test func `a truncated message is rejected`() throws {
        let text = [UInt8]("It was the best of times, it was the worst of times, it was 1859.")
        for level in [1, 6, 9] {
            let deflater = try #require(
                Deflater(windowBits: 15, keepsContext: false, level: level))
            let payload = deflater.compressed(text)
            #expect(try inflationViolation(payload) == nil)
            for end in payload.indices {
                let found = try inflationViolation(Array(payload[..<end]))
                #expect(found == .compressionInvalid, "\(level) \(end)")
            }
            #expect(try inflationViolation(payload + flushTail) == .compressionInvalid)
        }
    }

    @Test(
        arguments: [
            [],
            [0x07],
            [0x06, 0x00],
            [0x00, 0x05, 0x00, 0xFA, 0xFE],
            [0xF2, 0x00, 0x11, 0x00],
            [0xFF, 0xFF, 0xFF, 0xFF],
            [0x04, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00],
            [0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00, 0x00, 0x00, 0xFF, 0xFF],
        ] as [[UInt8]])
    func `bytes that aren't DEFLATE are rejected`(payload: [UInt8]) throws {
        #expect(try inflationViolation(payload) == .compressionInvalid)
    }

    /// No input from a peer traps, and an error doesn't affect others that share the inflater.
    @Test(arguments: 0..<UInt64(20)) func `no input traps or spoils a shared inflater`(seed: UInt64)
        throws
    {
        var generator = SplitMix64(seed: seed)
        let deflater = try #require(Deflater(windowBits: 15, keepsContext: false))
        let inflater = try #require(Inflater(keepsContext: false))
        let text = [UInt8](String(repeating: "naïve 世界 🎉 ", count: 40)) + generator.bytes(99)
        let good = deflater.compressed(text)
        for round in 0..<200 {
            let bad =
                round.isMultiple(of: 2)
                ? generator.spoil(good)
                : generator.bytes(Int.random(in: 0...60, using: &generator))
            let limit = Int.random(in: 1...2_000, using: &generator)
            do throws(ProtocolViolation) {
                #expect(try inflater.inflate(bad.span, limit: limit).count <= limit)
            } catch {
                #expect([.compressionInvalid, .messageTooBig].contains(error), "seed \(seed)")
            }
            #expect(try inflater.inflate(good.span, limit: 65_536) == text, "seed \(seed)")
        }
    }
}
