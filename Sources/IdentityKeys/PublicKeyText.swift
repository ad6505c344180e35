internal import JWTKit

/// A public key in PEM (RFC 7468).
struct PublicKeyText {
    let material: KeyMaterial

    init(_ content: [UInt8]) throws(KeyProblem) {
        let text = String(decoding: content, as: UTF8.self)
        guard !text.contains("PRIVATE KEY-----") else {
            throw KeyProblem(
                "it holds a private key; give the public one, such as from "
                    + "`openssl pkey -in FILE -pubout`")
        }
        if let key = try? ES256PublicKey(pem: text) {
            material = .es256(key)
        } else if let key = try? ES384PublicKey(pem: text) {
            material = .es384(key)
        } else if let key = try? EdDSA.PublicKey(pem: text) {
            material = .edDSA(key)
        } else if let key = try? Insecure.RSA.PublicKey(pem: text) {
            material = .rsa(key)
        } else {
            throw KeyProblem(
                "it is no public key in PEM of a kind that is accepted: RSA of at least 2048 bits, "
                    + "P-256, P-384 or Ed25519")
        }
    }
}
