/// SipHash-2-4 of three words. Without the key, nobody can tell which words a hash belongs to.
/// <https://www.aumasson.jp/siphash/siphash.pdf>
enum KeyedHash {
    static func of(
        _ first: UInt64, _ second: UInt64, _ third: UInt64, _ key: ModerationRules.AddressKey
    ) -> UInt64 {
        var state = State(key)
        for word in [first, second, third, 24 << 56] { state.absorb(word) }
        return state.finish()
    }

    private struct State {
        private var a, b, c, d: UInt64

        init(_ key: ModerationRules.AddressKey) {
            a = key.first ^ 0x736F_6D65_7073_6575
            b = key.second ^ 0x646F_7261_6E64_6F6D
            c = key.first ^ 0x6C79_6765_6E65_7261
            d = key.second ^ 0x7465_6462_7974_6573
        }

        mutating func absorb(_ word: UInt64) {
            d ^= word
            round()
            round()
            a ^= word
        }

        mutating func finish() -> UInt64 {
            c ^= 0xFF
            for _ in 0..<4 { round() }
            return a ^ b ^ c ^ d
        }

        private mutating func round() {
            a &+= b
            b = b << 13 | b >> 51
            b ^= a
            a = a << 32 | a >> 32
            c &+= d
            d = d << 16 | d >> 48
            d ^= c
            a &+= d
            d = d << 21 | d >> 43
            d ^= a
            c &+= b
            b = b << 17 | b >> 47
            b ^= c
            c = c << 32 | c >> 32
        }
    }
}
