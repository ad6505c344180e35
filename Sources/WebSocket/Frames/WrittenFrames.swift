/// Walks over frames that ``FrameEncoder`` wrote: complete, unmasked, and one after another.
public struct WrittenFrames {
    /// The start of the next frame.
    public private(set) var offset = 0

    public init() {}

    /// The range of the next frame's payload. Nil after the last frame.
    public mutating func next(in bytes: Span<UInt8>) -> Range<Int>? {
        guard offset < bytes.count else { return nil }
        var start = offset + 2
        var length = Int(bytes[offset + 1])
        if length >= 126 {
            let end = start + (length == 126 ? 2 : 8)
            length = 0
            while start < end {
                length = length << 8 | Int(bytes[start])
                start += 1
            }
        }
        offset = start + length
        return start..<offset
    }
}
