/// The location of the bytes of a message or of a control frame.
public enum Payload: Equatable, Sendable {
    /// In the input, unmasked in place. The bytes are valid until the input changes.
    case input(Range<Int>)
    /// Assembled from several reads or fragments.
    case kept([UInt8])

    /// A copy of the bytes. Take it before the input changes.
    public func bytes(in input: Span<UInt8>) -> [UInt8] {
        switch self {
        case .kept(let bytes): return bytes
        case .input(let range):
            var bytes: [UInt8] = []
            bytes.append(input.extracting(range))
            return bytes
        }
    }
}
