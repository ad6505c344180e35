internal import Foundation
public import Identity

/// Makes keys from the content of files.
///
/// JWTKit hands out its algorithms only asynchronously. That happens here once for each key; what a
/// key does later is a plain call.
public enum KeyReader {
    /// The largest file of keys, in bytes.
    public static let largestFile = 256 << 10

    /// The keys in `content`. `name` names a key that has no name of its own.
    public static func keys(
        _ content: [UInt8], _ kind: KeyKind, name: String, owner: KeyOwner = KeyOwner()
    ) async throws(KeyProblem) -> [SigningKey] {
        guard content.count <= largestFile else {
            throw KeyProblem("it has more than \(largestFile >> 10) KiB")
        }
        switch kind {
        case .secret:
            let checks = try await secret(content)
            return [key(name, owner, checks, from: secretBytes(content))]
        case .publicKey:
            let checks = try await PublicKeyText(content).material.checks()
            return [key(name, owner, checks, from: content)]
        case .keySet: return try await KeySet(content).keys(name: name, owner: owner)
        }
    }

    /// The same for a caller that can wait: the start of the daemon, or a thread for such work.
    public static func keysNow(
        _ content: [UInt8], _ kind: KeyKind, name: String, owner: KeyOwner = KeyOwner()
    ) throws(KeyProblem) -> [SigningKey] {
        let result = Waiting.result { () async -> Result<[SigningKey], KeyProblem> in
            do throws(KeyProblem) {
                return .success(try await keys(content, kind, name: name, owner: owner))
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    static func key(
        _ name: String, _ owner: KeyOwner, _ checks: [Algorithm: SigningKey.Check],
        from material: some Hashable
    ) -> SigningKey {
        var hasher = Hasher()
        hasher.combine(material)
        hasher.combine(owner.issuer)
        hasher.combine(owner.audience)
        hasher.combine(checks.keys.map(\.rawValue).sorted())
        return SigningKey(
            id: hasher.finalize(), name: name, issuer: owner.issuer, audience: owner.audience,
            end: owner.end,
            checks: checks)
    }

    /// The secret in a file. A final newline isn't part of it.
    public static func secretBytes(_ content: [UInt8]) -> [UInt8] {
        content.last == UInt8(ascii: "\n") ? content.dropLast() : content
    }

    private static func secret(
        _ content: [UInt8]
    ) async throws(KeyProblem) -> [Algorithm: SigningKey.Check] {
        // A public key that is taken for a secret would let everybody make tokens.
        guard !content.starts(with: "-----BEGIN".utf8) else {
            throw KeyProblem(
                "it is a key in PEM, not a secret; give it with --token-public-key-file")
        }
        return try await KeyMaterial.secret(secretBytes(content)).checks()
    }
}
