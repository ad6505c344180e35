/// The frames of TLS: records with a header of five bytes (RFC 8446 section 5.1).
enum Records {
    /// The bytes of a record's header: its type, a version, and the length of the rest.
    static let headerSize = 5
    /// The longest rest of a record: 16 KiB and what TLS 1.2 may add (RFC 5246 section 6.2.3).
    static let longestRest = 18_432
    /// The largest number of plaintext bytes in a record.
    static let plaintextSize = 16_384

    /// The bytes of the complete records at the front of `bytes`, of at most `limit` records. If
    /// something there isn't a record, all bytes count: OpenSSL finds out what is wrong, and tells
    /// the peer.
    static func whole(in bytes: Span<UInt8>, limit: Int) -> Int {
        var end = 0
        for _ in 0..<limit {
            guard bytes.count - end >= headerSize else { return end }
            let length = Int(bytes[end + 3]) << 8 | Int(bytes[end + 4])
            guard (20...23).contains(bytes[end]), bytes[end + 1] == 3, length <= longestRest else {
                return bytes.count
            }
            guard bytes.count - end - headerSize >= length else { return end }
            end += headerSize + length
        }
        return end
    }
}
