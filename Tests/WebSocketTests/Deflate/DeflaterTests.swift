import CZlib
import TestSupport
import Testing

@testable import WebSocket

@Suite struct DeflaterTests {
    private static let hello = [UInt8]("Hello")

    /// RFC 7692 §7.2.3.1, §7.2.3.2, §7.2.3.6.
    @Test func `the examples of RFC 7692 are written`() throws {
        let first: [UInt8] = [0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00]
        let second: [UInt8] = [0xF2, 0x00, 0x11, 0x00, 0x00]
        let keeping = try #require(Deflater(windowBits: 15, keepsContext: true))
        let forgetting = try #require(Deflater(windowBits: 15, keepsContext: false))
        #expect(keeping.compressed([]) == [0x00])
        #expect(keeping.compressed(Self.hello) == first)
        #expect(keeping.compressed([]) == [0x00])
        #expect(keeping.compressed(Self.hello) == second)
        #expect(forgetting.compressed(Self.hello) == first)
        #expect(forgetting.compressed([]) == [0x00])
        #expect(forgetting.compressed(Self.hello) == first)
    }

    @Test func `compressed bytes are appended to the output`() throws {
        let deflater = try #require(Deflater(windowBits: 15, keepsContext: false))
        var output: [UInt8] = [9]
        deflater.deflate(Self.hello.span, into: &output)
        deflater.deflate([UInt8]().span, into: &output)
        #expect(output == [9, 0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00, 0x00])
    }

    /// Which ends keep their context. A compressor that does needs a peer that does.
    enum Takeover: CaseIterable {
        case both
        case inflaterAlone
        case none
    }

    /// Messages of every size, of random bytes, of repetitions, and of both, one after another.
    @Test(arguments: 8...15, Takeover.allCases)
    func `a message survives compression and decompression`(windowBits: Int, takeover: Takeover)
        throws
    {
        var generator = SplitMix64(seed: UInt64(windowBits))
        let deflater = try #require(
            Deflater(windowBits: windowBits, keepsContext: takeover == .both))
        let inflater = try #require(
            Inflater(windowBits: windowBits, keepsContext: takeover != .none))
        for size in [0, 1, 2, 3, 4, 5, 100, 257, 1_000, 16_384, 65_535, 65_536, 100_000] {
            let random = generator.bytes(size)
            let period = generator.bytes(Int.random(in: 1...700, using: &generator))
            let repeating = (0..<size).map { period[$0 % period.count] }
            for message in [random, repeating, Array((repeating + random).suffix(size))] {
                let payload = deflater.compressed(message)
                #expect(try inflater.inflate(payload.span, limit: size) == message)
                // The session must accept it, so that no message becomes too big by compression.
                let rules = FrameRules(role: .server, messageBytes: max(size, 1))
                #expect(payload.count <= rules.payloadBytes(isCompressed: true))
            }
        }
    }

    @Test(arguments: 8...15) func `repetitions inside the window are compressed`(windowBits: Int)
        throws
    {
        let deflater = try #require(Deflater(windowBits: windowBits, keepsContext: true))
        var generator = SplitMix64(seed: UInt64(windowBits))
        // zlib leaves this many bytes of its window unused.
        let message = generator.bytes(max(1 << windowBits, 512) - 262)
        let first = deflater.compressed(message)
        #expect(first.count > message.count)
        #expect(deflater.compressed(message).count < message.count / 10)
        let forgetting = try #require(Deflater(windowBits: windowBits, keepsContext: false))
        #expect(forgetting.compressed(message) == first)
        #expect(forgetting.compressed(message) == first)
    }

    @Test(arguments: 0...9, 1...9)
    func `every level and memory level works`(level: Int, memoryLevel: Int) throws {
        let deflater = try #require(
            Deflater(windowBits: 15, keepsContext: true, level: level, memoryLevel: memoryLevel))
        let inflater = try #require(Inflater(keepsContext: true))
        var generator = SplitMix64(seed: UInt64(10 * level + memoryLevel))
        let text = [UInt8](String(repeating: "Hello, hello, you there! ", count: 80))
        for message in [text, generator.bytes(20_000), text, Self.hello] {
            let payload = deflater.compressed(message)
            #expect(try inflater.inflate(payload.span, limit: 20_000) == message)
        }
    }

    /// No match reaches further back than the peer's window, including a window of 256 bytes, which
    /// zlib doesn't have. With one byte at a time, the window is all that the peer has.
    @Test(arguments: 8...15) func `no match reaches beyond the window`(windowBits: Int) throws {
        guard let peer = ZlibStream(inflatingWithWindowBits: windowBits) else {
            Issue.record("no memory")
            return
        }
        var generator = SplitMix64(seed: UInt64(windowBits))
        let window = 1 << windowBits
        for period in [window - 262, window - 7, window - 1, window, window + 1, window + 250]
        where period > 3 {
            let deflater = try #require(Deflater(windowBits: windowBits, keepsContext: true))
            peer.reset()
            let pattern = generator.bytes(period)
            let message = pattern + pattern + Array(pattern.prefix(300))
            let payload = deflater.compressed(message) + Inflater.tail
            var used = 0
            var inflated: [UInt8] = []
            while inflated.count < message.count {
                let rest = payload.span.extracting(used...)
                let count = inflated.count
                used += peer.run(rest, room: 1, into: &inflated).consumed
                guard inflated.count > count else { break }
            }
            #expect(inflated == message, "\(period)")
        }
    }
}
