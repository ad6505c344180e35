/// A stretch of a room's life in which its numbers have one meaning: within an epoch no number is
/// ever given to two lines. To clients it is an opaque string, which they send back to resume.
public struct Epoch: Hashable, Sendable {
    /// The longest text, in bytes.
    public static let lengthLimit = 32

    public let text: String

    /// Nil unless `text` has 1 to ``lengthLimit`` characters of `a-z` and `0-9`, so that it needs
    /// no escape.
    public init?(_ text: String) {
        let isValid = text.utf8.allSatisfy { byte in
            UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte
                || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
        }
        guard isValid, 1...Self.lengthLimit ~= text.utf8.count else { return nil }
        self.text = text
    }

    /// Makes an epoch from a number. The same number makes the same epoch.
    public init(number: UInt64) {
        text = String(number, radix: 36)
    }
}
