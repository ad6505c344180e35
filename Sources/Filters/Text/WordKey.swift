/// Hashes of words and of phrases. They begin with a number that differs in each process, so that
/// nobody can choose words that share one.
enum WordKey {
    static let seed = UInt64(truncatingIfNeeded: Hasher().finalize()) | 1

    @inline(__always)
    static func mixed(_ key: UInt64, _ scalar: UInt32) -> UInt64 {
        let product = (key ^ UInt64(scalar)) &* 0x9E37_79B9_7F4A_7C15
        return product ^ product &>> 32
    }

    /// The key of a phrase that another word continues.
    @inline(__always)
    static func mixed(_ phrase: UInt64, _ word: UInt64) -> UInt64 {
        let product = (phrase &+ 0x632B_E59B_D9B4_E019) &* 0xFF51_AFD7_ED55_8CCD ^ word
        return (product ^ product &>> 29) &* 0xC4CE_B9FE_1A85_EC53
    }
}
