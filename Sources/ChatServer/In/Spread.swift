/// Positions in a window, spread evenly for any number of them: multiples of the golden ratio,
/// modulo the window (Knuth, The Art of Computer Programming, volume 3, section 6.4).
enum Spread {
    /// The position of number `index` in `0 ..< window`.
    static func place(of index: Int, in window: UInt64) -> UInt64 {
        (UInt64(index) &* 0x9E37_79B9_7F4A_7C15).multipliedFullWidth(by: window).high
    }
}
