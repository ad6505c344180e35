/// A user name of 1 to 16 bytes of visible ASCII, like most names. It is stored in two words, so
/// that it can be compared without a string.
struct ShortName: Equatable {
    static let lengthLimit = 16

    /// The bytes in order, the last in the lowest byte; 0 before the first.
    private var low: UInt64 = 0
    private var high: UInt64 = 0

    /// Nil if `name` doesn't have this form.
    init?(_ name: Span<UInt8>) {
        guard 1...Self.lengthLimit ~= name.count else { return nil }
        for index in name.indices {
            guard ChatText.isPlain(name[index]) else { return nil }
            high = high &<< 8 | low &>> 56
            low = low &<< 8 | UInt64(name[index])
        }
    }
}
