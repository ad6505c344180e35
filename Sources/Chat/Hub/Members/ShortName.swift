/// A user name of 1 to 16 bytes of visible ASCII, as most are. It stands in two words, so that it
/// is compared without a string.
struct ShortName: Equatable {
    static let lengthLimit = 16

    /// The bytes in their order, the last one lowest; 0 before the first one.
    private var low: UInt64 = 0
    private var high: UInt64 = 0

    /// Nil if `name` isn't one.
    init?(_ name: Span<UInt8>) {
        guard 1...Self.lengthLimit ~= name.count else { return nil }
        for index in name.indices {
            guard ChatText.isPlain(name[index]) else { return nil }
            high = high &<< 8 | low &>> 56
            low = low &<< 8 | UInt64(name[index])
        }
    }
}
