/// A set of bytes. All sets share one table; each set is one bit of its entries.
struct ByteSet: Sendable {
    private let bit: UInt8

    /// `tchar` (RFC 9110 §5.6.2).
    static let token = ByteSet(bit: 0x01)
    /// The bytes of a `reg-name` except `%`: unreserved and sub-delims (RFC 3986 §3.2.2).
    static let registeredName = ByteSet(bit: 0x02)
    /// The digits of base64 (RFC 4648 §4).
    static let base64 = ByteSet(bit: 0x04)
    /// The bytes of a request target: visible ASCII except `#`, because a fragment is never sent
    /// (RFC 9112 §3.2).
    static let target = ByteSet(bit: 0x08)
    /// The same as ``target``, without the `?` that begins a query.
    static let path = ByteSet(bit: 0x10)

    @inline(__always)
    func contains(_ byte: UInt8) -> Bool {
        Self.table[Int(byte)] & bit != 0
    }

    /// The index of the first byte of `bytes` that isn't in the set, or the end.
    @inline(__always)
    func end(in bytes: Span<UInt8>) -> Int {
        var index = 0
        while index < bytes.count, contains(bytes[index]) { index &+= 1 }
        return index
    }

    // The table is spelled out. If it were computed, each use would check whether it has been
    // initialised. The tests rebuild each set from its characters.
    private static let table: InlineArray<256, UInt8> = [
        0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
        0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
        0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
        0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
        0x00, 0x1B, 0x18, 0x01, 0x1B, 0x19, 0x1B, 0x1B,
        0x1A, 0x1A, 0x1B, 0x1F, 0x1A, 0x1B, 0x1B, 0x1C,
        0x1F, 0x1F, 0x1F, 0x1F, 0x1F, 0x1F, 0x1F, 0x1F,
        0x1F, 0x1F, 0x18, 0x1A, 0x18, 0x1A, 0x18, 0x08,
        0x18, 0x1F, 0x1F, 0x1F, 0x1F, 0x1F, 0x1F, 0x1F,
        0x1F, 0x1F, 0x1F, 0x1F, 0x1F, 0x1F, 0x1F, 0x1F,
        0x1F, 0x1F, 0x1F, 0x1F, 0x1F, 0x1F, 0x1F, 0x1F,
        0x1F, 0x1F, 0x1F, 0x18, 0x18, 0x18, 0x19, 0x1B,
        0x19, 0x1F, 0x1F, 0x1F, 0x1F, 0x1F, 0x1F, 0x1F,
        0x1F, 0x1F, 0x1F, 0x1F, 0x1F, 0x1F, 0x1F, 0x1F,
        0x1F, 0x1F, 0x1F, 0x1F, 0x1F, 0x1F, 0x1F, 0x1F,
        0x1F, 0x1F, 0x1F, 0x18, 0x19, 0x18, 0x1B, 0x00,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    ]
}
