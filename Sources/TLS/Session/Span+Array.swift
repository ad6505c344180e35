/// Copies of spans.
///
/// Invariant: the bytes of a span stay in place during the closure, which copies them.
extension Span<UInt8> {
    var array: [UInt8] { unsafe withUnsafeBytes { unsafe Array($0) } }
}

extension [UInt8] {
    mutating func append(_ bytes: Span<UInt8>) {
        unsafe bytes.withUnsafeBytes { unsafe append(contentsOf: $0) }
    }
}
