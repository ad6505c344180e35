/// Where the bytes of a message or of a control frame are.
public enum Payload: Equatable, Sendable {
    /// In the input, unmasked in place. They are good until the input changes.
    case input(Range<Int>)
    /// Put together from several reads or fragments.
    case kept([UInt8])

    /// A copy of the bytes, of which those in the input are good until that changes.
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
