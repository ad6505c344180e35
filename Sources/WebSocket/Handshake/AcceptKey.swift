internal import COpenSSL

/// The value of `Sec-WebSocket-Accept`: base64 of the SHA-1 of the key and a fixed text. It proves
/// that the server has read the handshake (RFC 6455 §4.2.2).
struct AcceptKey: Sendable {
    /// Bytes of a key in base64, as `Sec-WebSocket-Key` carries it.
    static let keyBytes = 24
    /// Bytes of the answer in base64.
    static let bytes = 28

    private let digest: InlineArray<20, UInt8>

    /// The answer to the key in `range`.
    init(for range: Range<Int>, in bytes: Span<UInt8>) {
        digest = Self.digest(bytes.extracting(range))
    }

    /// Writes the answer to `output`, which must have ``bytes`` bytes.
    func write(to output: inout MutableSpan<UInt8>) {
        Base64.write(digest, to: &output)
    }

    private static func digest(_ key: Span<UInt8>) -> InlineArray<20, UInt8> {
        precondition(key.count == keyBytes)
        var digest = InlineArray<20, UInt8>(repeating: 0)
        var output = digest.mutableSpan
        // Invariant: the C function reads the 24 bytes of the first buffer and writes the 20 bytes
        // of the second. Both pointers are valid during the call, and it keeps neither.
        let isDone = unsafe key.withUnsafeBufferPointer { source in
            unsafe output.withUnsafeMutableBufferPointer { target in
                guard let key = source.baseAddress, let digest = target.baseAddress else {
                    return false
                }
                return unsafe copenssl_accept_digest(key, digest) == 1
            }
        }
        precondition(isDone, "OpenSSL has no SHA-1, which every handshake needs")
        return digest
    }
}
