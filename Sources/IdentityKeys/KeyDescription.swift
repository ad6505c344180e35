internal import Identity
internal import JWTKit

/// One key of a set (RFC 7517 section 4, RFC 7518 section 6, RFC 8037 section 2). Private parts
/// aren't read.
struct KeyDescription: Decodable, Hashable {
    let kty: String
    let kid: String?
    let use: String?
    let alg: String?
    let crv: String?
    let n: String?
    let e: String?
    let x: String?
    let y: String?
    let k: String?
    private let operations: [String]?

    private enum CodingKeys: String, CodingKey {
        case kty, kid, use, alg, crv, n, e, x, y, k
        case operations = "key_ops"
    }

    /// Whether the key may verify signatures.
    var isForSignatures: Bool {
        use ?? "sig" == "sig" && operations?.contains("verify") ?? true
    }

    /// The key, or nil if it is of a kind that isn't used here.
    func material(named name: String) throws(KeyProblem) -> KeyMaterial? {
        let made: KeyMaterial?
        switch (kty, crv) {
        case ("oct", _): made = (try? Base64URL.decode((k ?? "").utf8.span)).map { .secret($0) }
        case ("RSA", _):
            made = (try? Insecure.RSA.PublicKey(modulus: n ?? "", exponent: e ?? "")).map {
                .rsa($0)
            }
        case ("EC", "P-256"):
            made = (try? ES256PublicKey(parameters: (x ?? "", y ?? ""))).map { .es256($0) }
        case ("EC", "P-384"):
            made = (try? ES384PublicKey(parameters: (x ?? "", y ?? ""))).map { .es384($0) }
        case ("OKP", "Ed25519"):
            made = (try? EdDSA.PublicKey(x: x ?? "", curve: .ed25519)).map { .edDSA($0) }
        default: return nil
        }
        guard let made else {
            throw KeyProblem("the key \(name) is broken, or is RSA with less than 2048 bits")
        }
        return made
    }
}
