internal import Identity
internal import JWTKit

/// A key, and the algorithms that fit it.
enum KeyMaterial {
    case secret([UInt8])
    case rsa(Insecure.RSA.PublicKey)
    case es256(ES256PublicKey)
    case es384(ES384PublicKey)
    case edDSA(EdDSA.PublicKey)

    /// The algorithms of the key, or the one of them that `alg` narrows it to.
    func checks(only alg: Algorithm? = nil) async throws(KeyProblem) -> [Algorithm: SigningKey
        .Check]
    {
        if case .secret(let bytes) = self, bytes.count < 32 {
            throw KeyProblem(
                "the secret has \(bytes.count) bytes; at least 32 are needed, "
                    + "such as from `openssl rand -base64 48`")
        }
        var checks: [Algorithm: SigningKey.Check] = [:]
        for algorithm in algorithms where alg == nil || alg == algorithm {
            let made = await made(algorithm)
            checks[algorithm] = { signature, signed in
                (try? made.verify(signature, signs: signed)) == true
            }
        }
        return checks
    }

    private var algorithms: [Algorithm] {
        switch self {
        case .secret(let bytes):
            Algorithm.allCases.filter { ($0.secretBytes ?? .max) <= bytes.count }
        case .rsa: [.rs256, .rs384, .rs512, .ps256]
        case .es256: [.es256]
        case .es384: [.es384]
        case .edDSA: [.edDSA]
        }
    }

    /// JWTKit's algorithm with this key.
    func made(_ algorithm: Algorithm) async -> any JWTAlgorithm {
        let keys = JWTKeyCollection()
        switch self {
        case .secret(let bytes):
            await keys.add(hmac: HMACKey(from: bytes), digestAlgorithm: Self.digest(algorithm))
        case .rsa(let key) where algorithm == .ps256:
            await keys.add(pss: key, digestAlgorithm: .sha256)
        case .rsa(let key): await keys.add(rsa: key, digestAlgorithm: Self.digest(algorithm))
        case .es256(let key): await keys.add(ecdsa: key)
        case .es384(let key): await keys.add(ecdsa: key)
        case .edDSA(let key): await keys.add(eddsa: key)
        }
        guard let made = try? await keys.getKey() else {
            preconditionFailure("the collection has one key")
        }
        return made
    }

    private static func digest(_ algorithm: Algorithm) -> DigestAlgorithm {
        switch algorithm {
        case .hs256, .rs256, .ps256, .es256, .edDSA: .sha256
        case .hs384, .rs384, .es384: .sha384
        case .hs512, .rs512: .sha512
        }
    }
}
