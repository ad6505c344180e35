internal import ChatServer
internal import Foundation

/// The secret that addresses of guests are hashed with, in the data directory. Without it, nobody
/// can tell which addresses the hashes in the files belong to.
enum AddressSecret {
    static let fileName = "address-secret"

    /// The key in a directory, which is made if there is none.
    static func key(in directory: String) throws(Complaint) -> ModerationRules.AddressKey {
        let path = try OwnSecret.prepare(in: directory, named: fileName, isFor: "addresses")
        guard let text = FileManager.default.contents(atPath: path),
            let secret = Data(base64Encoded: text, options: .ignoreUnknownCharacters),
            secret.count >= 16
        else {
            throw Complaint(
                .cannotCreate,
                "\(path): this is no secret for addresses; remove it, and name users who were "
                    + "banned by their addresses again")
        }
        return key([UInt8](secret))
    }

    /// The key of a secret with at least 16 bytes.
    static func key(_ secret: [UInt8]) -> ModerationRules.AddressKey {
        func word(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }
        return ModerationRules.AddressKey(word(secret[..<8]), word(secret[8..<16]))
    }
}
