import TestSupport
import Testing
import WebSocket

/// Input from a peer may be anything, in any pieces: nothing traps, and the pieces don't change the
/// result.
@Suite struct AnyInputTests {
    @Test(arguments: 0..<UInt64(40)) func `any frames give the same result in any pieces`(
        seed: UInt64
    ) {
        var generator = SplitMix64(seed: seed)
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

    @Test(arguments: 0..<UInt64(40), [true, false])
    func `any compressed frames give the same result in any pieces`(
        seed: UInt64, keepsContext: Bool
    ) throws {
        var generator = SplitMix64(seed: seed)
        let deflater = try #require(Deflater(windowBits: 9, keepsContext: keepsContext))
        let texts = (0..<6).map { [UInt8](String(repeating: "naïve 世界 🎉 \($0)", count: $0)) }
        let frames = texts.flatMap { text in
            let payload = deflater.compressed(text)
            let middle = payload.count / 2
            return [
                frame(.text, payload, rsv1: true),
                frame(.text, Array(payload[..<middle]), isFinal: false, rsv1: true),
                frame(.continuation, Array(payload[middle...])), frame(.ping, [1]),
            ]
        }
        for _ in 0..<50 {
            let count = Int.random(in: 1...frames.count, using: &generator)
            let bytes = generator.spoil(frames[..<count].flatMap(\.self))
            var whole = Session()
            var cut = Session()
            let expected = whole.receive(
                [bytes[...]], inflater: Inflater(windowBits: 9, keepsContext: keepsContext))
            let outcome = cut.receive(
                generator.cut(bytes),
                inflater: Inflater(windowBits: 9, keepsContext: keepsContext))
            #expect(outcome == expected, "seed \(seed)")
            #expect(cut.state == whole.state, "seed \(seed)")
        }
    }

    @Test(arguments: 0..<UInt64(40)) func `any request gives the same result in any pieces`(
        seed: UInt64
    ) throws {
        var generator = SplitMix64(seed: seed)
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
