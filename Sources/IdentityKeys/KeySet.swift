internal import Foundation
internal import Identity
internal import JWTKit

/// A set of keys in JSON (RFC 7517 section 5). Keys of a kind or for a use that isn't ours are
/// passed over, as the RFC asks. A set of which nothing is left is a mistake.
struct KeySet {
    private let described: [KeyDescription]

    private struct Document: Decodable {
        let keys: [Lenient]
    }

    /// A member that may be anything.
    private struct Lenient: Decodable {
        let key: KeyDescription?

        init(from decoder: any Decoder) throws {
            key = try? KeyDescription(from: decoder)
        }
    }

    init(_ content: [UInt8]) throws(KeyProblem) {
        guard let document = try? JSONDecoder().decode(Document.self, from: Data(content)) else {
            throw KeyProblem("it is no set of keys in JSON: {\"keys\":[…]}")
        }
        described = document.keys.compactMap(\.key)
    }

    func keys(name: String, owner: KeyOwner) async throws(KeyProblem) -> [SigningKey] {
        var keys: [SigningKey] = []
        for (place, key) in described.enumerated() where key.isForSignatures {
            let named = key.kid ?? "\(name)#\(place + 1)"
            guard let material = try key.material(named: named) else { continue }
            let alg: Algorithm?
            if let text = key.alg {
                guard let known = Algorithm(rawValue: text) else { continue }
                alg = known
            } else {
                alg = nil
            }
            let checks = try await material.checks(only: alg)
            if !checks.isEmpty { keys.append(KeyReader.key(named, owner, checks, from: key)) }
        }
        guard !keys.isEmpty else {
            throw KeyProblem("none of its \(described.count) keys can verify a token")
        }
        return keys
    }
}
