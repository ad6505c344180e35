import Testing
import WebSocket

@Suite struct SHA256Tests {
    /// FIPS 180-2 appendix B, and the digest of no bytes.
    @Test(arguments: [
        ("", "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="),
        ("abc", "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0="),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "JI1qYdIGOLjlwCaTDD5gOaM85Flk/yFn9uzt1BnbBsE="
        ),
    ])
    func `digests agree with the standard`(text: String, digest: String) {
        #expect(SHA256.base64(of: text.utf8.span) == digest)
    }
}
