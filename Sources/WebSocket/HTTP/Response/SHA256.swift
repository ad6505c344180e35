internal import COpenSSL

/// Digests that name the content of a document: its entity tag, and the scripts and styles that a
/// Content-Security-Policy lets run.
package enum SHA256 {
    /// The digest of `bytes` in base64, 44 characters (RFC 4648 §4).
    package static func base64(of bytes: Span<UInt8>) -> String {
        var code: [UInt8] = []
        Base64.append(digest(of: bytes).span, to: &code)
        return String(decoding: code, as: UTF8.self)
    }

    private static func digest(of bytes: Span<UInt8>) -> InlineArray<32, UInt8> {
        var digest = InlineArray<32, UInt8>(repeating: 0)
        var output = digest.mutableSpan
        // Without bytes there would be no address to read from.
        let isEmpty = bytes.isEmpty
        let placeholder: InlineArray<1, UInt8> = [0]
        // Invariant: the C function reads as many bytes as the one buffer has, or none, and writes
        // the 32 that the other has; it runs while both pointers are valid, and keeps neither.
        let isDone = unsafe (isEmpty ? placeholder.span : bytes).withUnsafeBufferPointer { source in
            unsafe output.withUnsafeMutableBufferPointer { target in
                guard let start = source.baseAddress, let digest = target.baseAddress else {
                    return false
                }
                return unsafe copenssl_sha256(start, isEmpty ? 0 : source.count, digest) == 1
            }
        }
        precondition(isDone, "OpenSSL offers no SHA-256, which names the content of the page")
        return digest
    }
}
