extension FoldedText {
    /// A digest of the text. Lines that differ in nothing but letter case, invisible characters,
    /// blanks, look-alike letters or repeated letters have the same. It is the same in each process
    /// (64-bit FNV-1a), and no secret: a collision refuses a line of its author at most.
    public var digest: UInt64 {
        var digest: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in Self.evened((disguised ?? folded).bytes) {
            digest = (digest ^ UInt64(byte)) &* 0x100_0000_01B3
        }
        return digest
    }

    /// The text with one of each run of letters, and one space for each run of blanks, none at its
    /// ends.
    private static func evened(_ text: [UInt8]) -> [UInt8] {
        var single: [UInt8] = []
        var isBlank = false
        for byte in Drawl.single(text) {
            if byte == 0x20 || 0x09...0x0D ~= byte {
                isBlank = true
            } else {
                if isBlank, !single.isEmpty { single.append(0x20) }
                isBlank = false
                single.append(byte)
            }
        }
        return single
    }
}
