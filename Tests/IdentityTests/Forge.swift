import Identity
import JWTKit

@testable import IdentityKeys

/// Makes tokens of any kind, good and bad.
struct Forge {
    /// When the tokens of these tests are looked at, in seconds since 1970.
    static let now: Int64 = 1_780_000_000
    static let goodClaims = #"{"sub":"u1","exp":1780003600}"#

    var header = #"{"alg":"HS256","typ":"JWT"}"#
    var claims = Forge.goodClaims
    /// Makes the signature of header and claims.
    var sign: @Sendable ([UInt8]) -> [UInt8] = Forge.signer(.hs256)

    /// The token.
    var token: [UInt8] {
        let signed = Self.encoded(header) + [UInt8(ascii: ".")] + Self.encoded(claims)
        return signed + [UInt8(ascii: ".")] + Base64URL.encode(sign(signed).span)
    }

    static func encoded(_ text: String) -> [UInt8] { Base64URL.encode(Array(text.utf8).span) }

    /// A token whose claims are the good ones and these.
    static func claiming(_ more: String) -> Forge {
        Forge(claims: #"{"sub":"u1","exp":1780003600,"# + more + "}")
    }

    /// The signature of an algorithm with the key of these tests, or with another secret.
    static func signer(
        _ algorithm: Algorithm, secret: [UInt8] = TestKeys.secret
    ) -> @Sendable ([UInt8]) -> [UInt8] {
        let made = Waiting.result { () async -> any JWTAlgorithm in
            let keys = JWTKeyCollection()
            switch algorithm {
            case .hs256: await keys.add(hmac: HMACKey(from: secret), digestAlgorithm: .sha256)
            case .hs384: await keys.add(hmac: HMACKey(from: secret), digestAlgorithm: .sha384)
            case .hs512: await keys.add(hmac: HMACKey(from: secret), digestAlgorithm: .sha512)
            case .rs256: await keys.add(rsa: TestKeys.rsa, digestAlgorithm: .sha256)
            case .rs384: await keys.add(rsa: TestKeys.rsa, digestAlgorithm: .sha384)
            case .rs512: await keys.add(rsa: TestKeys.rsa, digestAlgorithm: .sha512)
            case .ps256: await keys.add(pss: TestKeys.rsa, digestAlgorithm: .sha256)
            case .es256: await keys.add(ecdsa: TestKeys.es256)
            case .es384: await keys.add(ecdsa: TestKeys.es384)
            case .edDSA: await keys.add(eddsa: TestKeys.edDSA)
            }
            return await Made.awaited { try await keys.getKey() }
        }
        return { signed in Made.value { try made.sign(signed) } }
    }

    /// All keys of these tests: a secret, and public keys in PEM.
    static let ring: KeyRing = {
        let texts = [
            ("rsa", TestKeys.rsa.publicKey.pemRepresentation),
            ("p256", TestKeys.es256.publicKey.pemRepresentation),
            ("p384", TestKeys.es384.publicKey.pemRepresentation),
            ("ed", TestKeys.edDSA.publicKey.pemRepresentation),
        ]
        var keys = Made.value {
            try KeyReader.keysNow(TestKeys.secret, .secret, name: "secret")
        }
        for (name, text) in texts {
            keys += Made.value { try KeyReader.keysNow(Array(text.utf8), .publicKey, name: name) }
        }
        return KeyRing(keys)
    }()

    /// The result of a look at a token.
    static func result(
        _ token: [UInt8], _ ring: KeyRing = Forge.ring, after seconds: Int64 = 0
    ) -> Result<Principal, TokenRefusal> {
        do throws(TokenRefusal) {
            return .success(try ring.holder(of: token, at: (now + seconds) * 1_000))
        } catch {
            return .failure(error)
        }
    }
}
