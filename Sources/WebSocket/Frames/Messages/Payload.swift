/// Where the bytes of a message or of a control frame are.
public enum Payload: Equatable, Sendable {
    /// In the input, unmasked in place. They are good until the input changes.
    case input(Range<Int>)
    /// Put together from several reads or fragments.
    case kept([UInt8])
}
