internal import Foundation

/// The secret that a webhook's requests are signed with, as Standard Webhooks 1.0 has it. It has no
/// description, so that no log shows it.
public struct WebhookSecret: Equatable, Sendable {
    /// The bytes that a secret may have.
    public static let lengths = 24...64
    public static let form =
        "whsec_ and \(lengths.lowerBound) to \(lengths.upperBound) random bytes in base64"
    private static let prefix = "whsec_"

    private let key: [UInt8]

    /// Nil unless the text has the form of a secret.
    public init?(_ text: String) {
        guard text.hasPrefix(Self.prefix),
            let key = Data(base64Encoded: String(text.dropFirst(Self.prefix.count))),
            Self.lengths.contains(key.count)
        else { return nil }
        self.key = [UInt8](key)
    }

    /// The value of the field `webhook-signature`.
    public func signature(of body: [UInt8], id: String, timestamp: Int64) -> String {
        let signed = Array("\(id).\(timestamp).".utf8) + body
        return "v1," + Data(SigningHash.hash(of: signed, key: key)).base64EncodedString()
    }

    /// The id of a request with these events: the same events have the same one.
    func id(of events: [String]) -> String {
        let hash = SigningHash.hash(of: Array(events.joined(separator: "\n").utf8), key: key)
        let digits = hash.prefix(16).map { byte in
            let text = String(byte, radix: 16)
            return byte < 16 ? "0" + text : text
        }
        return "msg_" + digits.joined()
    }
}
