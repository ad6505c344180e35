internal import Foundation
internal import Identity

/// Revocations as lines of text: in the file of the daemon, and in requests to it.
enum RevocationText {
    private struct Fields: Codable {
        var sub: String?
        var jti: String?
        var issuedBefore: Int64?

        private enum CodingKeys: String, CodingKey {
            case sub, jti
            case issuedBefore = "issued_before"
        }
    }

    static func line(_ revocation: Revocation) -> String {
        let fields =
            switch revocation {
            case .user(let sub, let time): Fields(sub: sub, issuedBefore: time)
            case .token(let jti): Fields(jti: jti)
            case .all(let time): Fields(issuedBefore: time)
            }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let json = try? encoder.encode(fields) else {
            preconditionFailure("texts and numbers can be encoded")
        }
        return String(decoding: json, as: UTF8.self)
    }

    /// Nil if the line is no revocation.
    static func revocation(_ line: some StringProtocol) -> Revocation? {
        guard let fields = try? JSONDecoder().decode(Fields.self, from: Data(line.utf8)) else {
            return nil
        }
        switch (fields.sub, fields.jti, fields.issuedBefore) {
        case (let sub?, nil, let time?) where isName(sub): return .user(sub, issuedBefore: time)
        case (nil, let jti?, nil) where isName(jti): return .token(jti: jti)
        case (nil, nil, let time?): return .all(issuedBefore: time)
        default: return nil
        }
    }

    private static func isName(_ text: String) -> Bool { 1...128 ~= text.utf8.count }
}
