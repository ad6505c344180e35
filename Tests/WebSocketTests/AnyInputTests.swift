import Testing
import WebSocket

/// A small generator, so that a failure can be repeated from its seed (SplitMix64).
private struct Generator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// The same bytes, a few of them changed.
    mutating func spoil(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 0...3, using: &self) {
            bytes[Int.random(in: bytes.indices, using: &self)] = .random(in: 0...255, using: &self)
        }
        return bytes
    }

    mutating func cut(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
        var pieces: [ArraySlice<UInt8>] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = Int.random(in: 1...max(1, min(rest.count, 40)), using: &self)
            pieces.append(rest.prefix(count))
            rest = rest.dropFirst(count)
        }
        return pieces
    }
}

/// What a peer sends may be anything, in any pieces: nothing traps, and how the bytes were cut
/// makes no difference.
@Suite struct AnyInputTests {
    @Test(arguments: 0..<UInt64(40)) func frames(seed: UInt64) {
        var generator = Generator(state: seed)
        let text = [UInt8]("naïve 世界 🎉")
        let frames = [
            frame(.text, text), frame(.binary, text, isFinal: false), frame(.continuation, text),
            frame(.text, Array(text[..<9]), isFinal: false), frame(.ping, text), frame(.pong),
            frame(.continuation, Array(text[9...])), frame(.close, [3, 0xE8] + text),
            frame(.binary, [UInt8](repeating: 0, count: 300)),
        ]
        for _ in 0..<50 {
            let count = Int.random(in: 1...6, using: &generator)
            let picked = (0..<count).flatMap { _ in frames.randomElement(using: &generator)! }
            let bytes = generator.spoil(picked)
            var whole = Session()
            var cut = Session()
            let expected = whole.receive(bytes)
            #expect(cut.receive(generator.cut(bytes)) == expected, "seed \(seed)")
            #expect(cut.state == whole.state, "seed \(seed)")
            #expect(cut.isAtBoundary == whole.isAtBoundary, "seed \(seed)")
        }
    }

    @Test(arguments: 0..<UInt64(40)) func requests(seed: UInt64) throws {
        var generator = Generator(state: seed)
        let original = [UInt8](RequestHeadTests.browser)
        for _ in 0..<50 {
            let bytes = generator.spoil(original)
            let pieces = generator.cut(bytes)
            let status = refusal(pieces: [bytes[...]])
            #expect(refusal(pieces: pieces) == status, "seed \(seed)")
            if status == nil {
                let whole = try parse(pieces: [bytes[...]])
                #expect(try parse(pieces: pieces)?.length == whole?.length, "seed \(seed)")
            }
        }
    }
}
