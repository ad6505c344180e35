/// A record of the simulation's encryption. It looks like one of TLS, and its content is masked and
/// numbered, so that a byte that is lost, repeated or in the wrong place is noticed.
enum VeilRecord {
    enum Kind: UInt8 {
        case alert = 21
        case handshake = 22
        case content = 23
    }

    static let headerSize = 5
    private static let sumSize = 4
    /// Plaintext bytes of a record.
    static let capacity = 16_384

    static func append(
        _ kind: Kind, _ plaintext: some Collection<UInt8>, number: UInt8, to output: inout [UInt8]
    ) {
        let size = plaintext.count + sumSize
        output += [kind.rawValue, 3, 3, UInt8(size >> 8), UInt8(size & 0xff)]
        for byte in plaintext { output.append(byte ^ 0xa5 ^ number) }
        output += sum(plaintext, number)
    }

    /// Four bytes that change with each byte (FNV-1a).
    private static func sum(_ plaintext: some Collection<UInt8>, _ number: UInt8) -> [UInt8] {
        var sum: UInt32 = 2_166_136_261
        for byte in [number] + plaintext { sum = (sum ^ UInt32(byte)) &* 16_777_619 }
        return [0, 8, 16, 24].map { UInt8(sum >> $0 & 0xff) }
    }

    /// Takes the first record of `bytes`. Nil if it isn't complete; no kind if it is broken.
    static func take(
        _ bytes: inout [UInt8], number: UInt8
    ) -> (kind: Kind?, plaintext: [UInt8])? {
        guard bytes.count >= headerSize else { return nil }
        let size = Int(bytes[3]) << 8 | Int(bytes[4])
        guard let kind = Kind(rawValue: bytes[0]), bytes[1] == 3, size >= sumSize,
            size <= capacity + sumSize
        else { return (nil, []) }
        guard bytes.count >= headerSize + size else { return nil }
        let end = headerSize + size - sumSize
        let plaintext = bytes[headerSize..<end].map { $0 ^ 0xa5 ^ number }
        let isWhole = sum(plaintext, number) == Array(bytes[end..<headerSize + size])
        bytes.removeFirst(headerSize + size)
        return (isWhole ? kind : nil, plaintext)
    }
}
