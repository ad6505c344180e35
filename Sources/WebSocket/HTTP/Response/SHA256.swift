internal import COpenSSL

/// Digests that identify content: a document's entity tag, and the scripts and styles that a
/// Content-Security-Policy allows.
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
        // An empty span has no address to read from.
        let isEmpty = bytes.isEmpty
        let placeholder: InlineArray<1, UInt8> = [0]
        // Invariant: the C function reads exactly the bytes of the first buffer, or none, and
        // writes the 32 bytes of the second. Both pointers are valid during the call, and it keeps
        // neither.
        let isDone = unsafe (isEmpty ? placeholder.span : bytes).withUnsafeBufferPointer { source in
            unsafe output.withUnsafeMutableBufferPointer { target in
                guard let start = source.baseAddress, let digest = target.baseAddress else {
                    return false
                }
                return unsafe copenssl_sha256(start, isEmpty ? 0 : source.count, digest) == 1
            }
        }
        precondition(isDone, "OpenSSL has no SHA-256, which the page's content needs")
        return digest
    }
}
