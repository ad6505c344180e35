internal import COpenSSL

/// The value of `Sec-WebSocket-Accept`, base64 of the SHA-1 of the key and a fixed text: proof
/// that the server has read the handshake (RFC 6455 §4.2.2).
struct AcceptKey: Sendable {
    /// Bytes of a key in base64, as `Sec-WebSocket-Key` carries it.
    static let keyBytes = 24
    private static let suffix = Array("258EAFA5-E914-47DA-95CA-C5AB0DC85B11".utf8)

    private let digest: InlineArray<20, UInt8>

    /// The answer to the key that lies in `range`.
    init(for range: Range<Int>, in bytes: Span<UInt8>) {
        precondition(range.count == Self.keyBytes)
        let suffix = Self.suffix
        var input = InlineArray<60, UInt8>(repeating: 0)
        for index in 0..<Self.keyBytes { input[index] = bytes[range.lowerBound + index] }
        for index in suffix.indices { input[Self.keyBytes + index] = suffix[index] }
        digest = Self.sha1(input)
    }

    /// Appends the value, 28 bytes.
    func append(to output: inout [UInt8]) {
        Base64.append(digest.span, to: &output)
    }

    private static func sha1(_ input: InlineArray<60, UInt8>) -> InlineArray<20, UInt8> {
        var digest = InlineArray<20, UInt8>(repeating: 0)
        var output = digest.mutableSpan
        // Invariant: the C function reads as many bytes as the one buffer has and writes the 20
        // that the other has; it runs while both pointers are valid, and keeps neither.
        let isDone = unsafe input.span.withUnsafeBufferPointer { source in
            unsafe output.withUnsafeMutableBufferPointer { target in
                guard let bytes = source.baseAddress, let digest = target.baseAddress else {
                    return false
                }
                return unsafe copenssl_sha1(bytes, source.count, digest) == 1
            }
        }
        precondition(isDone, "OpenSSL offers no SHA-1, without which no handshake can succeed")
        return digest
    }
}
