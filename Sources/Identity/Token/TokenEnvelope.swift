internal import Chat

/// The outside of a token: a JSON Web Signature in its compact form (RFC 7515 section 7.1), looked
/// at before anything in it is believed.
///
/// What RFC 8725 warns of is refused here: other readings of the same text, headers that bring
/// their own key, and algorithms that nobody asked for.
package struct TokenEnvelope: Equatable {
    /// The longest token, in bytes. It is looked at before a signature is checked, so it must not
    /// cost much; 8 KiB hold some hundred rooms.
    package static let longest = 8_192

    package let algorithm: Algorithm
    package let kid: String?
    /// The header and the claims as they were sent, which the signature is about.
    package let signed: [UInt8]
    package let payload: [UInt8]
    package let signature: [UInt8]

    package init(_ token: Span<UInt8>) throws(TokenRefusal) {
        guard !token.isEmpty else { throw .empty }
        guard token.count <= Self.longest else { throw .tooLong }
        let bytes = token.indices.map { token[$0] }
        let dots = bytes.indices.filter { bytes[$0] == UInt8(ascii: ".") }
        guard dots.count == 2 else { throw .notThreeParts }
        let header = try Self.text(Array(bytes[..<dots[0]]))
        let payload = try Self.text(Array(bytes[(dots[0] + 1)..<dots[1]]))
        let code = Array(bytes[(dots[1] + 1)...])
        let signature = try Base64URL.decode(code.span)
        let fields = try TokenHeader(header.span)
        algorithm = fields.algorithm
        kid = fields.kid
        signed = Array(bytes[..<dots[1]])
        self.payload = payload
        self.signature = signature
    }

    /// The bytes of a part, which must be UTF-8.
    private static func text(_ code: [UInt8]) throws(TokenRefusal) -> [UInt8] {
        let bytes = try Base64URL.decode(code.span)
        do {
            _ = try UTF8Span(validating: bytes.span)
        } catch {
            throw .notUTF8
        }
        return bytes
    }
}
