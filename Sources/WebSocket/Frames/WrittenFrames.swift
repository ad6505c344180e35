/// Walks over frames that ``FrameEncoder`` has written: whole, unmasked and one behind the other.
public struct WrittenFrames {
    /// Where the next frame begins.
    public private(set) var offset = 0

    public init() {}

    /// Where the payload of the next frame lies; nil behind the last one.
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
