import Testing

@testable import WebSocket

@Suite struct WrittenFramesTests {
    @Test func `frames with every form of length are found in order`() {
        let lengths = [0, 1, 125, 126, 127, 65_535, 65_536, 70_000, 3]
        var bytes: [UInt8] = []
        for (place, length) in lengths.enumerated() {
            let payload = [UInt8](repeating: UInt8(place), count: length)
            FrameEncoder.append(.text, payload.span, rsv1: place.isMultiple(of: 2), to: &bytes)
        }
        var frames = WrittenFrames()
        for (place, length) in lengths.enumerated() {
            let payload = frames.next(in: bytes.span)
            #expect(payload?.count == length)
            #expect(payload.map { bytes[$0].allSatisfy { $0 == UInt8(place) } } == true)
            #expect(frames.offset == payload?.upperBound)
        }
        #expect(frames.next(in: bytes.span) == nil)
        #expect(frames.offset == bytes.count)
    }

    @Test func `an empty input has no frames`() {
        var frames = WrittenFrames()
        let none: [UInt8] = []
        #expect(frames.next(in: none.span) == nil)
    }
}
