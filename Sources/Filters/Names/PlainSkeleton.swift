/// The skeleton of a name of ASCII characters. It is put together from those of the characters.
struct PlainSkeleton {
    private static let keys = (UInt8(0)..<0x80).map { byte in
        let skeleton = NameSkeleton(whole: String(Unicode.Scalar(byte)))
        return (folded: Array(skeleton.folded.utf8), written: Array(skeleton.written.utf8))
    }

    let folded: String
    let written: String

    /// Nil if the name has other characters.
    init?(_ name: String.UTF8View) {
        var folded: [UInt8] = []
        var written: [UInt8] = []
        var isBlank = false
        for byte in name {
            guard byte < 0x80 else { return nil }
            if byte == 0x20 || 0x09...0x0D ~= byte {
                isBlank = true
                continue
            }
            if isBlank, !folded.isEmpty {
                folded.append(0x20)
                written.append(0x20)
            }
            isBlank = false
            let keys = Self.keys[Int(byte)]
            folded.append(contentsOf: keys.folded)
            written.append(contentsOf: keys.written)
        }
        self.folded = String(decoding: folded, as: UTF8.self)
        self.written = String(decoding: written, as: UTF8.self)
    }
}
