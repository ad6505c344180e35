/// The name of a node in a cluster: 1 to 64 characters of `A-Z`, `a-z`, `0-9`, `.`, `_` and `-`. No
/// two nodes of a cluster have the same.
public struct NodeName: Hashable, Sendable {
    /// The longest name, in characters, which are also bytes.
    public static let lengthLimit = 64
    /// The form of a name, as a phrase.
    public static let form = "1 to \(lengthLimit) characters of A-Z, a-z, 0-9, '.', '_' and '-'"

    public let text: String

    /// Nil if `text` isn't a node's name.
    public init?(_ text: String) {
        let isValid = text.utf8.allSatisfy { byte in
            byte | 0x20 &- UInt8(ascii: "a") < 26 || byte &- UInt8(ascii: "0") < 10
                || [UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-")].contains(byte)
        }
        guard isValid, 1...Self.lengthLimit ~= text.utf8.count else { return nil }
        self.text = text
    }
}
