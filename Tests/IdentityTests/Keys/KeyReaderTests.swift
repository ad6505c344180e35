import Foundation
import Identity
import JWTKit
import Testing

@testable import IdentityKeys

/// Files of keys, good and bad.
@Suite struct KeyReaderTests {
    private func problem(_ text: String, _ kind: KeyKind) -> String? {
        do throws(KeyProblem) {
            _ = try KeyReader.keysNow(Array(text.utf8), kind, name: "key")
            return nil
        } catch {
            return error.description
        }
    }

    @Test(arguments: [
        (31, [Algorithm]()), (32, [.hs256]), (47, [.hs256]), (48, [.hs256, .hs384]),
        (64, [.hs256, .hs384, .hs512]),
    ])
    func `a secret takes what it is long enough for`(_ bytes: Int, _ algorithms: [Algorithm]) {
        let secret = Array(repeating: UInt8(ascii: "s"), count: bytes)
        let keys = try? KeyReader.keysNow(secret + [0x0A], .secret, name: "key")
        #expect(Set(keys?.first?.checks.keys.map(\.self) ?? []) == Set(algorithms))
        #expect((keys == nil) == algorithms.isEmpty)
    }

    @Test func `only one newline is cut`() {
        #expect(KeyReader.secretBytes([1, 10, 10]) == [1, 10])
        #expect(KeyReader.secretBytes([1, 13, 10]) == [1, 13])
        #expect(KeyReader.secretBytes([]) == [])
    }

    @Test func `a key in PEM is no secret`() {
        let text = TestKeys.rsa.publicKey.pemRepresentation
        #expect(problem(text, .secret)?.contains("PEM") == true)
    }

    @Test func `a private key is refused`() {
        #expect(problem(TestKeys.rsa.pemRepresentation, .publicKey)?.contains("private") == true)
    }

    @Test func `a small RSA key is refused`() throws {
        #expect(problem(TestKeys.smallRSA, .publicKey)?.contains("2048") == true)
        let modulus = [UInt8](repeating: 255, count: 128)
        let small = key("r1", ["kty": "RSA", "e": "AQAB"], ["n": modulus])
        #expect(problem(#"{"keys":[\#(small)]}"#, .keySet)?.contains("2048") == true)
    }

    @Test(arguments: ["", "hello", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----"])
    func `it is no public key`(_ text: String) {
        #expect(problem(text, .publicKey)?.contains("no public key") == true)
    }

    @Test(arguments: ["", "[]", "{}", #"{"keys":1}"#, #"{"keys":[]}"#, #"{"keys":[1]}"#])
    func `it is no set of keys`(_ text: String) { #expect(problem(text, .keySet) != nil) }

    @Test func `a file is bounded`() {
        let long = String(repeating: "a", count: KeyReader.largestFile + 1)
        for kind in KeyKind.allCases { #expect(problem(long, kind) != nil) }
    }

    /// One key of a set, in JSON. Bytes are in base64url.
    private func key(
        _ kid: String, _ texts: [String: String], _ parts: [String: [UInt8]] = [:]
    ) -> String {
        var fields = texts.merging(["kid": kid]) { $1 }
        for (name, bytes) in parts {
            let code = Base64URL.encode(bytes.span)
            fields[name] = String(decoding: code, as: UTF8.self)
        }
        return "{" + fields.map { #""\#($0)":"\#($1)""# }.joined(separator: ",") + "}"
    }

    /// A set of the keys of these tests, with others that aren't ours. `rsa` is more about the
    /// first one.
    private func set(_ rsa: [String: String] = [:]) throws -> String {
        let primitives = try TestKeys.rsa.publicKey.getKeyPrimitives()
        let point = try #require(TestKeys.es256.publicKey.parameters)
        let x = [UInt8](try #require(Data(base64Encoded: point.x)))
        let y = [UInt8](try #require(Data(base64Encoded: point.y)))
        let ed = [UInt8](TestKeys.edDSA.publicKey.rawRepresentation)
        let (n, e) = ([UInt8](primitives.modulus), [UInt8](primitives.publicExponent))
        let keys = [
            key("r1", ["kty": "RSA", "use": "sig"].merging(rsa) { $1 }, ["n": n, "e": e]),
            key("e1", ["kty": "EC", "crv": "P-256", "alg": "ES256"], ["x": x, "y": y]),
            key("o1", ["kty": "OKP", "crv": "Ed25519"], ["x": ed]),
            key("s1", ["kty": "oct", "alg": "HS256"], ["k": TestKeys.secret]),
            key("x1", ["kty": "RSA", "use": "enc", "n": "AQAB", "e": "AQAB"]),
            key("x2", ["kty": "EC", "crv": "secp256k1", "x": "AA", "y": "AA"]),
            key("x3", ["kty": "AKP", "alg": "ML-DSA-65", "pub": "AA"]),
            "7",
        ]
        return #"{"keys":[\#(keys.joined(separator: ","))]}"#
    }

    @Test func `a set has keys of several kinds, and others are passed over`() throws {
        let keys = try KeyReader.keysNow(Array(set().utf8), .keySet, name: "set")
        #expect(keys.map(\.name) == ["r1", "e1", "o1", "s1"])
        let ring = KeyRing(keys)
        for (kid, algorithm) in [
            ("r1", Algorithm.rs256), ("r1", .ps256), ("e1", .es256), ("o1", .edDSA), ("s1", .hs256),
        ] {
            let forge = Forge(
                header: #"{"alg":"\#(algorithm.rawValue)","kid":"\#(kid)"}"#,
                sign: Forge.signer(algorithm))
            #expect(throws: Never.self) { try Forge.result(forge.token, ring).get() }
        }
    }

    @Test func `alg narrows what a key takes`() throws {
        let keys = try KeyReader.keysNow(
            Array(set(["alg": "RS256"]).utf8), .keySet, name: "set")
        #expect(keys.first?.checks.keys.map(\.self) == [.rs256])
        let forge = Forge(
            header: #"{"alg":"PS256","kid":"r1"}"#, sign: Forge.signer(.ps256))
        #expect(Forge.result(forge.token, KeyRing(keys)) == .failure(.algorithmOfNoKey))
        // A secret that is long enough for all three.
        let long = Forge(header: #"{"alg":"HS512","kid":"s1"}"#, sign: Forge.signer(.hs512))
        #expect(Forge.result(long.token, KeyRing(keys)) == .failure(.algorithmOfNoKey))
    }
}
