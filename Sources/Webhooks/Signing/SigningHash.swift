internal import COpenSSL

/// The hash that signatures are made with.
enum SigningHash {
    /// HMAC with SHA-256, 32 bytes (RFC 2104).
    static func hash(of bytes: [UInt8], key: [UInt8]) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 32)
        // Invariant: the C function reads exactly the bytes of the first two buffers and writes the
        // 32 bytes of the third. The pointers are valid during the call, and it keeps none. An
        // empty buffer gets an address that isn't read.
        let isDone = unsafe key.withUnsafeBufferPointer { key in
            unsafe (bytes.isEmpty ? [0] : bytes).withUnsafeBufferPointer { source in
                unsafe digest.withUnsafeMutableBufferPointer { target in
                    guard let secret = key.baseAddress, let start = source.baseAddress,
                        let digest = target.baseAddress
                    else { return false }
                    return unsafe copenssl_hmac_sha256(
                        secret, key.count, start, bytes.count, digest) == 1
                }
            }
        }
        precondition(isDone, "OpenSSL has no SHA-256, which signatures need")
        return digest
    }
}
