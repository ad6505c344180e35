import Testing

@testable import WebSocket

@Suite struct MaskingKeyTests {
    private let key = MaskingKey(0x8D3C_51A7)

    /// Masking by words agrees with the loop of RFC 6455 §5.3 for every position, length and phase.
    @Test func `masking by words agrees with the plain loop`() {
        let original = (0..<48).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ 11) }
        for start in 0..<9 {
            for length in 0...32 {
                for phase in 0..<5 {
                    var expected = original
                    for index in 0..<length { expected[start + index] ^= key[phase + index] }
                    var bytes = original
                    var span = bytes.mutableSpan
                    key.apply(to: &span, in: start..<start + length, phase: phase)
                    #expect(bytes == expected)
                }
            }
        }
    }

    @Test func `a single byte that isn't ASCII is noticed`() {
        for length in 0..<40 {
            let text = [UInt8](repeating: 0x7F, count: length)
            for place in -1..<length {
                var bytes = text
                if place >= 0 { bytes[place] = 0x80 }
                for index in 0..<length { bytes[index] ^= key[index] }
                var span = bytes.mutableSpan
                #expect(key.apply(to: &span, in: 0..<length, phase: 0) == (place < 0))
            }
        }
    }

    @Test func `the bytes of the key are read in order`() {
        let bytes: [UInt8] = [0, 0x37, 0xFA, 0x21, 0x3D]
        let key = MaskingKey(bytes.span, at: 1)
        #expect((0..<6).map { key[$0] } == [0x37, 0xFA, 0x21, 0x3D, 0x37, 0xFA])
    }
}
